"""What is built can be installed: a wheel in a new environment makes its tables and finds its pages.

    python tests/wheel.py

Runs on the Python that calls it: `PYTHON=python3.11 make check` tries the oldest that is promised. The dependencies
are those of the calling environment, so nothing is fetched but what builds a wheel.
"""

import subprocess
import sys
import sysconfig
import tempfile
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
TRIED = """
import duckdb
import flows.cli
from data.warehouse import SQL, migrate
from dashboards.templating import TEMPLATES
con = duckdb.connect()
migrate(con)
views = con.execute("select count(*) from duckdb_views() where not internal").fetchone()[0]
assert "site-packages" in str(SQL), SQL
assert views > 0 and list(TEMPLATES.rglob("*.html")), (views, TEMPLATES)
print(f"wheel: {views} views, {len(list(TEMPLATES.rglob('*.html')))} templates")
"""


def main() -> None:
    """Build, install, import and make the tables from the installed files."""
    with tempfile.TemporaryDirectory() as folder:
        pip = [sys.executable, "-m", "pip", "--quiet", "--disable-pip-version-check"]
        subprocess.run([*pip, "wheel", "--no-deps", "--wheel-dir", folder, str(ROOT)], check=True)
        (wheel,) = Path(folder).glob("*.whl")
        home = Path(folder) / "venv"
        venv.create(home, with_pip=False)
        place = home / "lib" / f"python{sys.version_info.major}.{sys.version_info.minor}" / "site-packages"
        subprocess.run([*pip, "install", "--no-deps", "--target", str(place), str(wheel)], check=True)
        (place / "dependencies.pth").write_text(sysconfig.get_path("purelib") + "\n", encoding="utf-8")
        subprocess.run(
            [home / "bin" / "python", "-P", "-c", TRIED], check=True, cwd=folder, env={"PATH": "/usr/bin:/bin"}
        )


if __name__ == "__main__":
    main()
