"""Where load comes from: one file a source; `Source` is the union that the configuration chooses from."""

from typing import Annotated

from pydantic import Field

from data.utilization.cloudwatch.cloudwatch import CloudWatch
from data.utilization.files.files import Files
from data.utilization.prometheus.prometheus import Prometheus

Source = Annotated[CloudWatch | Files | Prometheus, Field(discriminator="kind")]
