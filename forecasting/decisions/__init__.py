"""What to do: pure rules over simulated futures. The union of the specs is the registry; flows/decide.py runs them."""

from typing import Annotated

from pydantic import Field

from forecasting.decisions.cost_period import CostPeriod
from forecasting.decisions.headroom import Headroom

Decision = Annotated[Headroom | CostPeriod, Field(discriminator="kind")]
