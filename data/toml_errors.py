"""A validation error of a TOML file as one clear line: which key, what was found, what to do."""

import difflib
from typing import get_args

from pydantic import BaseModel, ValidationError


def explain(error: ValidationError, model: type[BaseModel]) -> str:
    """Return the first problem as `key.path: what is wrong`, with the nearest known key for a misspelt one."""
    problem = error.errors()[0]
    path = ".".join(str(part) for part in problem["loc"])
    more = f" (and {error.error_count() - 1} more)" if error.error_count() > 1 else ""
    if problem["type"] == "extra_forbidden":
        near = difflib.get_close_matches(str(problem["loc"][-1]), sorted(_keys(model)), n=1)
        return f"{path}: unknown key" + (f"; did you mean {near[0]!r}?" if near else "") + more
    if problem["type"] == "missing":
        return f"{path}: is missing; add it{more}"
    return f"{path}: {problem['msg']}, found {problem['input']!r}{more}"


def _keys(model: type[BaseModel]) -> set[str]:
    """Return the names of all fields of a model and of the models within it."""
    keys: set[str] = set()
    waiting: list[object] = [model]
    seen: set[object] = set()
    while waiting:
        kind = waiting.pop()
        if id(kind) in seen:
            continue
        seen.add(id(kind))
        if isinstance(kind, type) and issubclass(kind, BaseModel):
            keys |= set(kind.model_fields)
            waiting += [field.annotation for field in kind.model_fields.values()]
        else:
            waiting += get_args(kind)
    return keys
