"""Every fit of a night: chunk by chunk; where a chunk fails, series by series, so that one at fault costs no other."""

import logging
import pickle
from collections.abc import Iterator

from data.warehouse import first_line
from flows.fan_out import fan_out
from flows.fit import Chunk, Fitted, fit_packed, one_by_one, unfitted
from flows.progress import tell
from flows.settings import Compute


def fit_all(compute: Compute, waiting: Iterator[Chunk]) -> Iterator[Fitted]:
    """Fit every chunk, as each is done; those that fail come last, series by series."""
    failed: list[Chunk] = []
    for chunk, result in _fits(compute, waiting):
        if isinstance(result, Fitted):
            yield result
        else:
            tell("fit failed", {"chunk": chunk.name, "error": result}, level=logging.WARNING)
            failed.append(chunk)
    for chunk in failed:
        yield from _fit_apart(compute, list(one_by_one(chunk)))


def _fits(compute: Compute, waiting: Iterator[Chunk]) -> Iterator[tuple[Chunk, Fitted | Exception]]:
    """Fit chunks, packed: Dask and Ray look into the arguments they are given, each in its own way."""
    underway: dict[str, Chunk] = {}

    def packed() -> Iterator[tuple[str, bytes]]:
        for chunk in waiting:
            underway[chunk.name] = chunk
            yield chunk.name, pickle.dumps(chunk)

    for (name, _), result in fan_out(compute, fit_packed, packed()):
        yield underway.pop(name), result


def _fit_apart(compute: Compute, waiting: list[Chunk]) -> Iterator[Fitted]:
    """Fit single series one after the other; one that fails takes its runner with it, in case its worker died."""
    alone = compute.model_copy(update={"workers": 1})
    while waiting:
        for chunk, result in _fits(alone, iter(list(waiting))):
            waiting.pop(0)
            if isinstance(result, Fitted):
                yield result
            else:
                tell("fit failed", {"series": chunk.name, "error": result}, level=logging.WARNING)
                yield unfitted(chunk, first_line(result))
                break
