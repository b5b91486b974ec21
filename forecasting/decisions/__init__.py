"""What to do: pure rules over simulated futures. The union of the specs is the registry; flows/decide.py runs them."""

from typing import Annotated

from pydantic import Field

from forecasting.decisions.anomaly import Anomaly
from forecasting.decisions.budget import Budget
from forecasting.decisions.commitment_option import CommitmentOption
from forecasting.decisions.cost_period import CostPeriod
from forecasting.decisions.headroom import Headroom
from forecasting.decisions.scale_schedule import ScaleSchedule
from forecasting.decisions.scenario import Scenario
from forecasting.decisions.team_month import TeamMonth
from forecasting.decisions.unit_cost_change import UnitCostChange
from forecasting.decisions.unit_cost_forecast import UnitCostForecast
from forecasting.decisions.use_per_request import UsePerRequest

Decision = Annotated[
    Anomaly
    | Budget
    | CommitmentOption
    | CostPeriod
    | Headroom
    | ScaleSchedule
    | Scenario
    | TeamMonth
    | UnitCostChange
    | UnitCostForecast
    | UsePerRequest,
    Field(discriminator="kind"),
]
