"""What can go wrong, as a tree; every message says what, where, found, expected and what to do.

PlimsollError
├── ConfigError            the configuration or the catalog is wrong: exit 2
├── InputError             a source cannot be read: that source is stale, the night goes on
│   ├── SchemaMismatch     a column is missing or has the wrong type
│   ├── BrokenDelivery     files are missing, cut short, or contradict their manifest
│   │   ├── Changed        files were replaced while they were read
│   │   └── MostlyRejected most rows were read by the wrong rules: exit 1 where nothing else could be read
│   └── NoData             the source names nothing that can be read
├── WarehouseError         the database file cannot be used: plimsoll doctor, plimsoll restore
├── DiskFull               a disk has no room left: nothing is published, what readers have stays
├── TooLittleMemory        a process may have less memory than a night needs: nothing is begun
├── CheckFailed            the tables contradict themselves: nothing is published
├── StepFailed             a step failed for a reason that nobody foresaw; the log has its traceback
├── ServerUnreachable      the Prefect server that the environment names does not answer
├── PublishError           readers could not be given the new release: what they had stays
└── NightRunning           another night holds the warehouse: exit 3
"""

from data.printable import in_one_line
from data.secret import redact


class PlimsollError(Exception):
    """Base of every error that a user can do something about; `str()` of it is one line, without secrets."""

    def __init__(self, message: str) -> None:
        super().__init__(in_one_line(redact(message)))


class ConfigError(PlimsollError):
    """The configuration or the catalog is wrong."""


class InputError(PlimsollError):
    """A source cannot be read; what is stored from it stays."""


class SchemaMismatch(InputError):
    """A column is missing or has a type that cannot be used."""


class BrokenDelivery(InputError):
    """Files are missing, cut short, or contradict their manifest."""


class Changed(BrokenDelivery):
    """Files were replaced while they were read: what came of them cannot be used, the next try may."""


class MostlyRejected(BrokenDelivery):
    """Most or all rows of a source cannot be used."""


class NoData(InputError):
    """The source names nothing that can be read."""


class WarehouseError(PlimsollError):
    """The database file cannot be used."""


class DiskFull(PlimsollError):
    """A disk has no room left."""


class TooLittleMemory(PlimsollError):
    """A process may have less memory than a night needs."""


class CheckFailed(PlimsollError):
    """The tables contradict themselves, so nothing is published."""


class StepFailed(PlimsollError):
    """A step failed for a reason that nobody foresaw."""


class ServerUnreachable(PlimsollError):
    """The Prefect server that the environment names does not answer."""


class PublishError(PlimsollError):
    """Readers could not be given the new release; what they had stays."""


class NightRunning(PlimsollError):
    """Another night holds the warehouse."""
