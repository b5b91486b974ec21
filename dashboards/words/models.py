"""Names of models as people read them: the family, not its settings."""

import re

FAMILIES = (
    ("ar", "autoregression"),
    ("autoreg", "autoregression with seasons"),
    ("smooth_week", "smoothing of the week"),
    ("smooth_both", "smoothing of day and week"),
    ("smooth_local", "smoothing of the last days"),
    ("profile", "usual week"),
    ("stl_ets", "trend and seasons apart"),
    ("ets", "exponential smoothing"),
    ("seasonal_naive", "seasonal naive"),
    ("constant", "one value"),
)


def family(model: str) -> str:
    """Return what kind of model it is; a name that is not known stays as it is."""
    plain = re.match(r"[a-z_]*[a-z]", model)
    name = plain.group() if plain else model
    return next((words for start, words in FAMILIES if name == start or name.startswith(f"{start}_")), model)


def model_words(model: str) -> str:
    """Return how a forecast was made: `middle of 24: ar_17_log` is the middle of 24 models, the best autoregression."""
    combined = re.fullmatch(r"middle of (\d+): (.+)", model)
    if combined:
        return f"middle of {combined[1]} models, best {family(combined[2])}"
    return " + ".join(dict.fromkeys(family(part) for part in model.split("+")))
