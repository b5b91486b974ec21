"""The last step: a complete release (snapshot, parquet, site) is made aside, then swapped in by one rename."""

import shutil
from dataclasses import asdict
from pathlib import Path

import duckdb

from dashboards.site import render_site
from data.snapshot import swap_in, write_lake, write_parquet, write_snapshot
from data.storage.locate import S3
from data.storage.upload import upload_release
from data.warehouse import MEMORY, open_warehouse
from flows.progress import timed
from flows.settings import Settings


def publish(settings: Settings, run_id: str) -> Path:
    """Publish what the warehouse holds as the release `run_id`; return the folder that readers see."""
    folder = settings.publish.dir
    release = folder / "releases" / run_id
    shutil.rmtree(release, ignore_errors=True)
    release.mkdir(parents=True)
    with timed("publish") as found:
        with open_warehouse(settings.warehouse.path) as con:
            write_snapshot(con, release / "snapshot.duckdb")
            write_parquet(con, release / "parquet")
            if settings.publish.lake:
                write_lake(con, release / "lake")
        snapshot = str(release / "snapshot.duckdb")
        with duckdb.connect(snapshot, read_only=True, config={"memory_limit": MEMORY}) as con:
            con.execute("set enable_progress_bar = false")
            found["pages"] = render_site(con, release / "site")
        swap_in(folder, release)
    if settings.publish.s3:
        with timed("upload", to=settings.publish.s3) as found:
            bucket, _, prefix = settings.publish.s3.removeprefix(S3).partition("/")
            client = settings.publish.aws.client("s3")
            found.update(asdict(upload_release(client, bucket, prefix, release)))
    return folder
