"""A validation error of a TOML file as one clear line: which key, what was found, what to do."""

import difflib
import re
import tomllib
from pathlib import Path
from typing import Annotated, get_args

from pydantic import AfterValidator, BaseModel, ValidationError

from data.errors import ConfigError
from data.secret import has_secret

VARIABLE = re.compile(r"[A-Z_][A-Z0-9_]*")


def _variable(name: str) -> str:
    if not VARIABLE.fullmatch(name):
        raise ValueError("not the name of an environment variable: want capitals, digits and _, not the secret itself")
    return name


EnvName = Annotated[str, AfterValidator(_variable)]  # of the variable that holds a secret


def read_toml(file: Path, advice: str) -> dict[str, object]:
    """Return a TOML file's content; raises ConfigError, one line, where it cannot be read."""
    try:
        return tomllib.loads(file.read_bytes().decode("utf-8-sig"))  # editors on Windows begin it with a mark
    except OSError as error:
        raise ConfigError(f"{file}: cannot be read ({error.strerror}); {advice}") from error
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        place = f"byte 0x{error.object[error.start]:02x} in line {line}"
        raise ConfigError(f"{file}: not UTF-8 ({place}); save it as UTF-8") from error
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(f"{file}: not TOML: {error}") from error


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
    says = problem["msg"].removeprefix("Value error, ")  # pydantic's name for what a check of ours says
    if path.endswith("_env") or problem["type"] == "secret":  # what stands there may be the secret itself
        return f"{path}: {says}{more}"
    return f"{path}: {says}, found {problem['input']!r}{more}"


def secret_place(document: object, path: str = "") -> str | None:
    """Return the path of the first key whose text carries a secret (an address with a password in it), or None."""
    if isinstance(document, str):
        return path if has_secret(document) else None
    if isinstance(document, dict):
        parts = [(f"{path}.{key}" if path else str(key), part) for key, part in document.items()]
    elif isinstance(document, list):
        parts = [(f"{path}.{number}", part) for number, part in enumerate(document)]
    else:
        return None
    return next((inner for where, part in parts if (inner := secret_place(part, where))), None)


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
