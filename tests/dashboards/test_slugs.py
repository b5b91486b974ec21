"""File names of services."""

import re
from pathlib import PurePosixPath, PureWindowsPath

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboards.slugs import slug
from tests.dashboards.estate import HOSTILE

NAMES = st.one_of(st.text(), st.sampled_from(HOSTILE), st.from_regex(r"[a-zA-Z0-9_./-]{1,80}", fullmatch=True))


@given(NAMES)
def test_a_slug_stays_in_its_folder_and_needs_no_quoting(name: str):
    found = slug(name)
    assert re.fullmatch(r"[a-z0-9][a-z0-9_.-]*", found)
    assert len(found) <= 64
    assert PurePosixPath(found).name == found == PureWindowsPath(found).name
    assert ".." not in found


@given(NAMES, NAMES)
def test_two_names_never_share_a_file_even_where_case_does_not_count(one: str, other: str):
    assert (slug(one).lower() == slug(other).lower()) == (one == other)


@pytest.mark.parametrize("name", ["checkout", "search-api", "a_b2"])
def test_a_clean_name_is_its_own_file(name: str):
    assert slug(name) == name


@pytest.mark.parametrize("name", ["con", "aux", "lpt1"])
def test_a_name_that_windows_reserves_is_not_used_alone(name: str):
    assert slug(name).split(".")[0] == name
    assert slug(name) != name
