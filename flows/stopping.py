"""A night that is told to stop (SIGTERM, a cancelled run) is left as if by an error, so that it can say so."""

import signal

STOPPED_CODE = 128 + signal.SIGTERM


class Stopped(SystemExit):
    """The process was told to stop."""

    def __init__(self) -> None:
        super().__init__(STOPPED_CODE)

    def __str__(self) -> str:
        return "stopped by SIGTERM"


def stop_on_sigterm() -> None:
    """Let SIGTERM raise Stopped in the main thread; a second one is ignored, so that the end can be told."""
    signal.signal(signal.SIGTERM, _stop)


def is_interrupted(error: BaseException) -> bool:
    """Tell whether this is what DuckDB makes of a signal that comes in the midst of a query, whatever was raised."""
    return isinstance(error, RuntimeError) and str(error) == "Query interrupted"


def _stop(_number: int, _frame: object) -> None:
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    raise Stopped
