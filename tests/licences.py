"""What is installed with Plimsoll, and under which licence: a table; exit 1 where one is not known to be permissive.

    python tests/licences.py

Walks what `pyproject.toml` asks for, without the tools of development. What the pages ship is in
`dashboards/assets/vendor`, each file beside its licence.
"""

import re
import sys
from collections.abc import Iterator
from importlib.metadata import Distribution, distribution

from packaging.requirements import Requirement

# By file, or weak ("MPL" binds changes of its own files alone); what else appears is for a person to judge.
PERMISSIVE = re.compile(
    r"MIT|BSD|Apache|PSF|ISC|MPL|Mozilla|Artistic|Python Software Foundation|Unlicense|Zlib", re.IGNORECASE
)


def main() -> int:
    """Print, and tell whether all is permissive."""
    rows = sorted((one.name, one.version, licence(one)) for one in installed("plimsoll"))
    for name, version, text in rows:
        print(f"{name:32} {version:14} {text}")
    unknown = [name for name, _, text in rows if not PERMISSIVE.search(text)]
    if unknown:
        print(f"to be judged by a person: {', '.join(unknown)}", file=sys.stderr)
    return 1 if unknown else 0


def installed(name: str) -> Iterator[Distribution]:
    """Yield what a package needs to run, itself left out."""
    found: dict[str, Distribution] = {}
    asked = [name]
    while asked:
        one = distribution(asked.pop())
        key = one.name.lower()
        if key in found:
            continue
        found[key] = one
        needs = [Requirement(text) for text in one.requires or []]
        asked += [need.name for need in needs if need.marker is None or need.marker.evaluate({"extra": ""})]
    yield from (one for key, one in found.items() if key != name)


def licence(one: Distribution) -> str:
    """Return the licence as the package says it: an expression, a classifier, or a free text's first line."""
    said = one.metadata.get_all("Classifier") or []
    classified = [text.split(" :: ")[-1] for text in said if text.startswith("License :: OSI Approved ::")]
    text = one.metadata.get("License-Expression") or ", ".join(classified) or one.metadata.get("License") or "unknown"
    return text.splitlines()[0][:60]


if __name__ == "__main__":
    sys.exit(main())
