"""Dask and Ray clusters of two workers in processes of their own, reached by address as in production."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

DASK = """
import sys
from distributed import LocalCluster
if __name__ == "__main__":
    cluster = LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=None)
    print(cluster.scheduler_address, flush=True)
    sys.stdin.read()
"""
RAY = """
import sys, ray
from ray.cluster_utils import Cluster
cluster = Cluster(initialize_head=True, head_node_args={"num_cpus": 1, "include_dashboard": False})
cluster.add_node(num_cpus=1)
print(cluster.address, flush=True)
sys.stdin.read()
cluster.shutdown()
"""


@contextmanager
def cluster(kind: str) -> Iterator[str]:
    """Start two workers and return the address of their cluster; they end with the block."""
    program = DASK if kind == "dask" else RAY
    with subprocess.Popen(
        [sys.executable, "-c", program],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
    ) as process:
        assert process.stdout is not None
        assert process.stdin is not None
        lines = (line.strip() for line in process.stdout)
        yield next(line for line in lines if ":" in line and " " not in line)
        process.stdin.close()
