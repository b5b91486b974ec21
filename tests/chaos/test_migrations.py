"""A few killed migrations in every run of the tests; `make chaos` makes twenty."""

from tests.chaos.migrations import kill_migrations


def test_a_migration_killed_at_any_moment_is_done_whole_by_the_next_start(tmp_path):
    running, left = kill_migrations(tmp_path, 5, seed=3)
    assert running >= 3
    assert left == []
