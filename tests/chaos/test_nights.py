"""One night of each disturbance in every run of the tests; `make chaos` makes ninety-six."""

import signal

from tests.chaos.disturb import fill, send, set_clock_back, squeeze
from tests.chaos.nights import MIB, broken_promises, disturb_nights, moments


def one_of_each(seconds, draw):
    killed, stopped = moments(2, seconds, draw)
    return {
        "killed": [send(signal.SIGKILL, killed)],
        "told to stop": [send(signal.SIGTERM, stopped)],
        "disk full": [fill(4 * MIB)],
        "little memory": [squeeze(800 * MIB)],
        "clock set back": [set_clock_back],
    }


def test_a_disturbed_night_costs_readers_nothing_and_the_next_one_makes_every_table_as_if_it_had_not_been(tmp_path):
    seen, left = disturb_nights(tmp_path, 7, one_of_each)
    assert [one.broken for one in seen] == [()] * len(seen)
    assert sum(one.is_cut for one in seen) >= 2
    assert left == []


def test_a_torn_release_would_be_seen(tmp_path):
    assert broken_promises(tmp_path) == ["no release is in front of the readers"]
