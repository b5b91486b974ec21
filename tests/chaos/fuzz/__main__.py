"""Read many damaged inputs of each parser, and print how they ended.

    python -m tests.chaos.fuzz [INPUTS] [FIRST] [PARSER ...]

Input N is the same on every machine: where one fails its number is raised, and FIRST begins there.
"""

import sys

from tests.chaos.fuzz.run import PARSERS, run

if __name__ == "__main__":
    numbers = [int(text) for text in sys.argv[1:] if text.isdigit()]
    chosen = [text for text in sys.argv[1:] if not text.isdigit()] or list(PARSERS)
    inputs, first = [*numbers, *(10_000, 0)[len(numbers) :]]
    print("| inputs | damaged | read | refused in one line | rules that cannot be |")
    print("|---|---|---|---|---|")
    for name in chosen:
        ends = run(name, inputs, first)
        print(
            f"| {name} | {inputs:,} | " + " | ".join(f"{ends[end]:,}" for end in ("read", "refused", "no rules")) + " |"
        )
