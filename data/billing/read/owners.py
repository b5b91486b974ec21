"""What tells who owns a line: keys of tags, what a tag must say more than, and rules that look at a single line.

And which environment a line is of.
"""

from collections.abc import Mapping
from dataclasses import dataclass

SILENT = ("true", "null", "none", "n/a", "na", "nil", "-")  # what tools write where nobody wrote anything


@dataclass(frozen=True)
class LineRule:
    """A rule that needs more than the sums of a day keep: expressions (RE2) of a resource's id and of tags' values.

    `fields` are those of charge_line that it also asks for; all must match in full, whatever the case.
    """

    position: int
    resource: str | None
    tags: Mapping[str, str]
    fields: Mapping[str, str]


@dataclass(frozen=True)
class Owners:
    """The first of `tag_keys` with a value that is not one of `silent` decides; `rules` are asked where none does.

    The first of `environment_keys` with such a value says whether the line is of production, of tests, of what else.
    `nodes` says which allocation splits the charges of nodes, empty where none does: they are found by their resource's
    id, and by the tag `cluster_tag` where there is one.
    """

    tag_keys: tuple[str, ...] = ()
    silent: tuple[str, ...] = SILENT
    rules: tuple[LineRule, ...] = ()
    environment_keys: tuple[str, ...] = ()
    nodes: str = ""
    cluster_tag: str | None = None

    @property
    def facts(self) -> str:
        """Return all of it as one text: where it changes, bills are read again."""
        environments = [f"environment {key}" for key in self.environment_keys]
        return "|".join(
            (*self.tag_keys, "", *self.silent, *map(repr, self.rules), *environments, *filter(None, [self.nodes]))
        )

    @property
    def keys(self) -> tuple[str, ...]:
        """Return every key of a tag that is asked for."""
        return tuple(
            dict.fromkeys(
                [
                    *self.tag_keys,
                    *self.environment_keys,
                    *(key for rule in self.rules for key in rule.tags),
                    *filter(None, [self.cluster_tag]),
                ]
            )
        )
