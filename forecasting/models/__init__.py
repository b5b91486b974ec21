"""The models that compete. A model is a frozen spec with a `kind` and one method; this union is the registry.

`forecasts(history, origins, horizon)` returns its candidates by name, each (origin, series, step) in units of the
history's scale, made at each origin from the columns before it; NaN where the model cannot say.
"""

from typing import Annotated

from pydantic import Field

from forecasting.models.autoreg import AutoReg
from forecasting.models.autoregression import RidgeAutoregression
from forecasting.models.components import Components
from forecasting.models.ets import Ets
from forecasting.models.profile import Profile
from forecasting.models.seasonal_naive import SeasonalNaive
from forecasting.models.smoothing import Smoothing
from forecasting.models.stl_ets import StlEts

Model = Annotated[
    SeasonalNaive | Profile | RidgeAutoregression | Smoothing | AutoReg | Ets | StlEts | Components,
    Field(discriminator="kind"),
]

__all__ = [
    "AutoReg",
    "Components",
    "Ets",
    "Model",
    "Profile",
    "RidgeAutoregression",
    "SeasonalNaive",
    "Smoothing",
    "StlEts",
]
