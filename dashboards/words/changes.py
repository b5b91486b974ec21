"""What the newest night says otherwise than the one before, in words."""

from dataclasses import dataclass
from datetime import date

from dashboards.words.wording import change, day, money


@dataclass(frozen=True)
class Changed:
    """A row of index/changed."""

    kind: str
    service: str
    subject: str
    was: float | None
    now: float | None
    was_date: date | None
    now_date: date | None
    before: date


def change_words(changed: Changed) -> tuple[str, str]:
    """Return the service (nothing: of the whole bill), and what is otherwise."""
    since = f"since the night of {day(changed.before)}"
    if changed.kind == "forecast" and changed.was and changed.now is not None:
        moved = change(changed.now / changed.was - 1, 1)
        amounts = f"{money(changed.was)} to {money(changed.now)} {changed.subject} ({moved})"
        return (
            "",
            f"The forecast of the month went from {amounts} {since}.",
        )
    if changed.kind == "limit":
        was, now = (day(each) if each else "not within 90 days" for each in (changed.was_date, changed.now_date))
        return changed.service, f"{changed.subject}: the likely day of its limit went from {was} to {now} {since}."
    stake = f", {money(changed.now)} USD" if changed.now is not None else ""
    act = f", act by {day(changed.now_date)}" if changed.now_date else ""
    return changed.service, f"New: {changed.subject}{stake}{act}."
