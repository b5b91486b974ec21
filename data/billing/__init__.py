"""Where bills come from: one file a source; `Source` is the union that the configuration chooses from."""

from typing import Annotated

from pydantic import Field

from data.billing.cur import Cur
from data.billing.focus import Focus

Source = Annotated[Focus | Cur, Field(discriminator="kind")]
