"""`python -m flows`: the command line where `plimsoll` is not on the path."""

from flows.cli import main

main()
