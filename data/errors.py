"""What can go wrong, as a tree; every message says what, where, found, expected and what to do.

PlimsollError
├── ConfigError            the configuration or the catalog is wrong: exit 2
├── InputError             a source cannot be read: that source is stale, the night goes on
│   ├── SchemaMismatch     a column is missing or has the wrong type
│   ├── BrokenDelivery     files are missing, cut short, or contradict their manifest
│   │   └── Changed        files were replaced while they were read
│   └── NoData             the source names nothing that can be read
├── WarehouseError         the database file cannot be used
├── CheckFailed            the tables contradict themselves: nothing is published
├── PublishError           readers could not be given the new release: what they had stays
└── NightRunning           another night holds the warehouse: exit 3
"""


class PlimsollError(Exception):
    """Base of every error that a user can do something about; `str()` of it is one line."""


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


class NoData(InputError):
    """The source names nothing that can be read."""


class WarehouseError(PlimsollError):
    """The database file cannot be used."""


class CheckFailed(PlimsollError):
    """The tables contradict themselves, so nothing is published."""


class PublishError(PlimsollError):
    """Readers could not be given the new release; what they had stays."""


class NightRunning(PlimsollError):
    """Another night holds the warehouse."""
