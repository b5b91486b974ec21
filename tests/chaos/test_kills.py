"""A few kills in every run of the tests; `make chaos` makes sixty."""

from tests.chaos.kills import broken_promises, kill_nights


def test_a_night_killed_at_any_moment_costs_readers_nothing_and_the_next_one_everything_is_as_if_it_had_not_been(
    tmp_path,
):
    killed, left = kill_nights(tmp_path, 4, seed=7)
    assert [one.broken for one in killed] == [()] * 4
    assert sum(one.was_running for one in killed) >= 3
    assert left == []


def test_a_torn_release_would_be_seen(tmp_path):
    assert broken_promises(tmp_path) == ["no release is in front of the readers"]
