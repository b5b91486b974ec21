"""Where a configuration publishes: all that a reader needs of it, so that a question does not wait for its sources."""

from pathlib import Path

from pydantic import BaseModel, ConfigDict, TypeAdapter, ValidationError

from data.errors import ConfigError
from data.toml_errors import explain, read_toml


class _Publish(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")

    dir: Path = Path(".run/published")


def published_dir(file: Path) -> Path:
    """Return the folder that a configuration publishes to; raises ConfigError where it cannot be read."""
    document = read_toml(file, "give --config the path of a TOML file")
    try:
        publish = TypeAdapter(_Publish).validate_python(document.get("publish", {}))
    except ValidationError as error:
        raise ConfigError(f"{file}: publish.{explain(error, _Publish)}") from error
    return file.resolve().parent / publish.dir
