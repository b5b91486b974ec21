"""`plimsoll risks`: the published register, worst first, of everybody or of one team."""

from pathlib import Path
from typing import Literal

from data.errors import InputError
from data.snapshot import open_snapshot
from data.warehouse import literal
from flows.published.query import query_snapshot

WHOLE = (
    "severity, kind, service, subject, round(impact_usd) as impact_usd, probability, act_by, owner, first_seen, "
    "trend_week as trend, evidence"
)
BRIEF = (
    "severity, act_by, kind, service, round(impact_usd)::bigint as impact_usd, owner, evidence"  # a terminal is narrow
)
WORST_FIRST = (
    "list_position(['high', 'medium', 'low'], severity), act_by nulls last, impact_usd desc nulls last, "
    "kind, service, subject"
)


def read_risks(publish: Path, team: str | None, layout: Literal["table", "csv", "json"]) -> str:
    """Return the newest night's risks; raises InputError where no service is of `team`."""
    if team is not None:
        with open_snapshot(publish) as con:
            rows = con.execute("select distinct team from service where team is not null order by team").fetchall()
        known = [str(name) for (name,) in rows]
        if team not in known:
            raise InputError(f"--team: no service is of {team!r}; the catalog knows {', '.join(known) or 'no team'}")
    mine = f"where owner = {literal(team)}" if team else ""
    shown = BRIEF if layout == "table" else WHOLE
    question = f"select {shown} from current_risk {mine} order by {WORST_FIRST}"  # noqa: S608 - a quoted text and constants
    return query_snapshot(publish, question, layout)
