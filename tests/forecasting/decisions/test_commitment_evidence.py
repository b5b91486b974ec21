"""The bars of commitments, on three years of real hourly demand, as it was and reversed."""

import pytest

from tests.benchmarks.commitment_sets import ours, ours_of_a_type, shavedice, spent

pytestmark = pytest.mark.shared


@pytest.mark.parametrize("is_reversed", [False, True])
def test_one_year_purchases_by_rolling_dates(shared, is_reversed):
    wide = shavedice(shared / "real" / "shavedice")
    wide = wide.iloc[::-1] if is_reversed else wide
    whole = wide.sum(axis=1).to_numpy()
    for discount, bar in ((0.28, 0.010), (0.50, 0.020)):
        mine, best, _ = spent(whole, ours, discount)
        assert mine / best - 1 <= bar
    for column in wide:
        cost, _, nothing = spent(wide[column].to_numpy(), ours_of_a_type, 0.28)
        assert cost <= nothing * (1 + 1e-9)
