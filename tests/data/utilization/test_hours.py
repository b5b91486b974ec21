"""From the rows of a file to hours: each folder of `hours` is a case, its input and what it becomes."""

from contextlib import suppress
from pathlib import Path

import pytest

from data.errors import InputError
from data.utilization.files.files import Files

CASES = Path(__file__).parent / "hours"


@pytest.mark.parametrize("case", sorted(folder.name for folder in CASES.iterdir()))
def test_rows_become_hours(con, night, case):
    with suppress(InputError):  # where nothing is usable the source has failed; what there was is stored all the same
        night(Files(kind="files", name="metrics", path=CASES / case / "input.csv"))
    stored = con.execute("select * exclude (source) from utilization_hour order by all").fetchall()
    types = "{'hour_utc': 'timestamp', 'samples': 'bigint', 'service': 'varchar', 'metric': 'varchar'}"
    expected = con.execute(f"from read_csv('{CASES / case}/expected.csv', header = true, types = {types})").fetchall()
    assert [row[:3] for row in stored] == [row[:3] for row in expected]
    assert [row[3:] for row in stored] == [pytest.approx(tuple(map(float, row[3:]))) for row in expected]


def test_each_row_that_cannot_be_used_says_why(night, issues):
    with pytest.raises(InputError, match="no metric"):
        night(Files(kind="files", name="metrics", path=CASES / "nothing_usable/input.csv"))
    assert issues() == [
        ("input.csv", "rejected", reason, 1)
        for reason in (
            "at or after as_of",
            "no metric",
            "no service",
            "no value",
            "time cannot be read",
            "value is NaN",
            "value is infinite",
            "value is not a number",
        )
    ]


def test_several_values_at_one_time_are_told(night, issues):
    stored = night(Files(kind="files", name="metrics", path=CASES / "repeats_and_contradictions/input.csv"))
    assert issues() == [("input.csv", "warning", "several values at one time: the largest is kept", 2)]
    assert stored.rows_duplicate == 2
