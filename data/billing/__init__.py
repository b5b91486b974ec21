"""Where bills come from: one file a source; `Source` is the union that the configuration chooses from."""

from typing import Annotated

from pydantic import Field

from data.billing.athena.athena import Athena
from data.billing.azure.azure import Azure
from data.billing.cost_explorer import CostExplorer
from data.billing.cur.cur import Cur
from data.billing.focus import Focus
from data.billing.gcp import Gcp
from data.billing.oci import Oci

Source = Annotated[Focus | Cur | CostExplorer | Azure | Gcp | Oci | Athena, Field(discriminator="kind")]
