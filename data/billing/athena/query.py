"""A statement in Athena, run to its end.

https://docs.aws.amazon.com/athena/latest/APIReference/API_GetQueryExecution.html
"""

import time

from botocore.client import BaseClient

from data.errors import InputError
from data.storage.aws import retried

POLL_S = 2.0


def run_query(client: BaseClient, where: str, statement: str, asked: dict[str, object], wait_s: float) -> None:
    """Return when a statement has succeeded; one that takes longer than `wait_s` is stopped. Raises InputError."""
    query = retried(lambda: client.start_query_execution(QueryString=statement, **asked))["QueryExecutionId"]
    deadline = time.monotonic() + wait_s
    while True:
        status = retried(lambda: client.get_query_execution(QueryExecutionId=query))["QueryExecution"]["Status"]
        if status["State"] == "SUCCEEDED":
            return
        if status["State"] in {"FAILED", "CANCELLED"}:
            raise InputError(
                f"{where}: query {query} {status['State'].lower()}: "
                f"{status.get('StateChangeReason', 'no reason given')}; see it in Athena's history"
            )
        if time.monotonic() > deadline:
            retried(lambda: client.stop_query_execution(QueryExecutionId=query))
            raise InputError(
                f"{where}: query {query} ran for more than {wait_s:.0f} s and was stopped; give it longer with wait_s, "
                "or fewer months"
            )
        time.sleep(POLL_S)
