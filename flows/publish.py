"""The last step: a complete release (snapshot, parquet, site) is made aside, then swapped in by one rename."""

from dataclasses import asdict
from pathlib import Path

import duckdb

from dashboards.site import render_site
from dashboards.slugs import slug
from data.snapshot import new_release, write_lake, write_parquet, write_snapshot
from data.storage.locate import S3
from data.storage.upload import upload_release
from data.team import open_team, team_names
from data.warehouse import MEMORY, open_warehouse
from flows.progress import timed
from flows.record import store_end
from flows.settings import Settings


def publish(settings: Settings, run_id: str) -> Path:
    """Publish what the warehouse holds as the release `run_id`; return the folder that readers see."""
    folder = settings.publish.dir
    size = settings.warehouse.path.stat().st_size
    with timed("publish") as facts, new_release(folder, run_id, size) as aside:
        with open_warehouse(settings.warehouse.path) as con:
            write_snapshot(con, aside / "snapshot.duckdb")
        with open_warehouse(aside / "snapshot.duckdb") as con:  # it is of a night that is done: only then it is seen
            store_end(con, run_id, "done")
            write_parquet(con, aside / "parquet")
            if settings.publish.lake:
                write_lake(con, aside / "lake")
        snapshot = str(aside / "snapshot.duckdb")
        with duckdb.connect(snapshot, read_only=True, config={"memory_limit": MEMORY}) as con:
            con.execute("set enable_progress_bar = false")
            pages = render_site(con, aside / "site", previous=folder / "current" / "site")
            teams = team_names(con) if settings.publish.teams else []
        for team in teams:
            name = Path("teams") / slug(team)
            with open_team(aside / "snapshot.duckdb", team) as con:
                pages += render_site(con, aside / name, team=team, previous=folder / "current" / name)
        facts["pages"] = pages
    if settings.publish.s3:
        with timed("upload", to=settings.publish.s3) as facts:
            bucket, _, prefix = settings.publish.s3.removeprefix(S3).partition("/")
            client = settings.publish.aws.client("s3")
            facts.update(asdict(upload_release(client, bucket, prefix, (folder / "current").resolve())))
    return folder
