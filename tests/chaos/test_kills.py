"""A few kills in every run of the tests; `make chaos` makes sixty."""

from tests.chaos.kills import broken_promises, kill_nights


def test_a_killed_night_costs_readers_nothing_and_after_the_next_one_every_table_is_as_if_it_had_not_been(tmp_path):
    killed, left = kill_nights(tmp_path, 2, seed=7)
    assert [one.broken for one in killed] == [()] * 2
    assert any(one.was_running for one in killed)
    assert left == []


def test_a_torn_release_would_be_seen(tmp_path):
    assert broken_promises(tmp_path) == ["no release is in front of the readers"]
