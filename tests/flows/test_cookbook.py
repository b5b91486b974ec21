"""The cookbook: every question has an answer on the sample estate, and says what it asks."""

import duckdb
import pytest

from data.warehouse import SQL

COOKBOOK = sorted((SQL / "cookbook").glob("*.sql"))

pytestmark = pytest.mark.xdist_group("night")  # with the others that look at the demo


def test_there_are_questions_enough_for_everybody_who_asks():
    assert len(COOKBOOK) >= 25


@pytest.mark.parametrize("file", COOKBOOK, ids=lambda file: file.stem)
def test_a_question_of_the_cookbook_is_answered_on_the_sample_estate(demo_night, file):
    query = file.read_text(encoding="utf-8")
    first = query.splitlines()[0]
    assert first.startswith("-- ")
    assert first.endswith("?")
    with duckdb.connect(str(demo_night.parent / ".run/published/snapshot.duckdb"), read_only=True) as con:
        rows = con.execute(query).fetchall()
    assert rows
    assert any(value is not None for value in rows[0])
