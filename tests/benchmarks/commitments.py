"""Commitments: one-year purchases by rolling dates on three years of real hourly demand, forward and reversed.

    .venv/bin/python tests/benchmarks/commitments.py

Reads ../shared/real/shavedice, prints a markdown table, and ends with 1 where a bar is missed.
"""

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT), str(Path(__file__).parent)]

from commitment_sets import look_back, ours, ours_of_a_type, shavedice, spent  # noqa: E402 - the path first

BARS = {0.28: 0.010, 0.50: 0.020}


def main() -> int:
    """Print the table."""
    wide = shavedice(ROOT.parent / "shared" / "real" / "shavedice")
    is_good = True
    print("| demand | discount | above hindsight | last 30 days' best instead | by type, of buying nothing |")
    print("|---|---|---|---|---|")
    for name, frame in (("as it was", wide), ("reversed", wide.iloc[::-1])):
        whole = frame.sum(axis=1).to_numpy()
        for discount, bar in BARS.items():
            mine, best, _ = spent(whole, ours, discount)
            other, _, _ = spent(whole, look_back, discount)
            types = [spent(frame[column].to_numpy(), ours_of_a_type, discount) for column in frame]
            worst = max(cost / nothing for cost, _, nothing in types if nothing)
            together = sum(cost for cost, _, _ in types) / sum(nothing for _, _, nothing in types)
            print(
                f"| {name} | {discount:.0%} | {mine / best - 1:.1%} | {other / best - 1:.1%} | "
                f"{together:.3f} (worst type {worst:.3f}) |"
            )
            is_good &= mine / best - 1 <= bar and worst <= 1 + 1e-9
    return 0 if is_good else 1


if __name__ == "__main__":
    sys.exit(main())
