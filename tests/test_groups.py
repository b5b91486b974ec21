"""How the tests are spread over workers."""

import os

import pytest


@pytest.mark.xdist_group("alone")
def test_a_group_reaches_the_scheduler(request: pytest.FixtureRequest):
    """Where it does not, every worker runs every night again: the tests pass, and take twice as long."""
    if "PYTEST_XDIST_WORKER" in os.environ:
        assert request.node.nodeid.endswith("@alone")
