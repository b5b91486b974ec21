"""Damaged inputs of every parser: `make fuzz` reads 10,000 of each, this the first 300."""

import pytest

from tests.chaos.fuzz.run import PARSERS, run


@pytest.mark.parametrize("parser", PARSERS)
def test_every_damaged_input_is_read_with_its_rows_told_or_refused_in_one_line(parser):
    ends = run(parser, 300)
    assert sum(ends.values()) == 300
    assert min(ends["read"], ends["refused"]) > 30
