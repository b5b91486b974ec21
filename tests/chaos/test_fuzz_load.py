"""Damaged files of load: `make fuzz` reads 10,000 of them, this the first 300."""

from tests.chaos.fuzz_load import run


def test_every_damaged_file_is_read_with_its_rows_told_or_refused_in_one_line():
    ends = run(300)
    assert sum(ends.values()) == 300
    assert min(ends.get("read", 0), ends.get("refused", 0)) > 30
