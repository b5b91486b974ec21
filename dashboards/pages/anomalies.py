"""What is odd? Cost and load unlike what was expected, with the cell that explains it."""

from dashboards.charts import anomaly
from dashboards.page import Column, Page, Panel, Table

PAGE = Page(
    file="anomalies.html",
    title="Anomalies",
    question="What is odd?",
    tables=(
        Table(
            "anomalies/anomaly",
            "Anomalies: what is open first, then the largest impact within each unit",
            (
                Column("service", "Service", "service"),
                Column("metric", "Metric", "metric"),
                Column("kind", "Kind"),
                Column("state", "State", "state"),
                Column("from_utc", "From, UTC", "since"),
                Column("hours", "Lasted", "age"),
                Column("actual", "Actual", "value"),
                Column("expected", "Expected", "value"),
                Column("impact", "Impact", "moved"),
                Column("score", "Score", "times"),
                Column("cause", "Cause"),
                Column("cell", "Suspected cell", "long", is_rare=True),
                Column("muted_by", "Muted by", "long", is_rare=True),
            ),
            empty="Nothing is odd: no night has found an anomaly.",
        ),
    ),
    panels=(Panel("anomaly", "anomalies/series", anomaly.anomaly, ("service", "metric", "from_utc", "part")),),
)
