"""Files as tools write them, three hours of one or two services, with what has to be said of each to load it."""

from dataclasses import dataclass, field

JS = "Thu Oct 01 2026 {hour:02}:00:00 GMT{offset}{name}"
HOURS = ("00", "01", "02")
CHECKOUT = (100.126, 112.802, 125.629)
SEARCH = (200.251, 225.605, 251.258)


@dataclass(frozen=True)
class Layout:
    """`first` is the hour in UTC of the first sample; `said` is the source's table."""

    text: str
    said: dict
    values: dict = field(default_factory=lambda: {"checkout": CHECKOUT})
    first: str = "2026-10-01 00"
    name: str = "a.csv"


def wide(stamps, *, header: str, before: str = "", labels: str = "", services: int = 2, cell="{:.3f}") -> str:
    rows = zip(stamps, *(CHECKOUT, SEARCH)[:services], strict=True)
    lines = [",".join([stamp, *(cell.format(value) for value in values)]) for stamp, *values in rows]
    return before + header + "\n" + labels + "\n".join(lines) + "\n"


def iso(form: str) -> list[str]:
    return [form.format(hour=int(hour)) for hour in HOURS]


BOTH = {"checkout": CHECKOUT, "search": SEARCH}
US = "%m/%d/%Y %I:%M:%S %p"

LAYOUTS = {
    "azure, with its lines before the header": Layout(
        wide(
            ["10/1/2026 12:00:00 AM", "10/1/2026 1:00:00 AM", "10/1/2026 2:00:00 AM"],
            before="Resource:,checkout\nChart title:,Avg CPU\nStart time:,10/1/2026 12:00:00 AM\nFilters:,\n\n",
            header="Timestamp (UTC),CPU Percentage (Avg)",
            services=1,
        ),
        {
            "columns": {"timestamp": "Timestamp (UTC)", "value": "CPU Percentage (Avg)"},
            "service": "checkout",
            "metric": "cpu",
            "time_format": US,
        },
    ),
    "cloudwatch, with four label rows": Layout(
        wide(
            iso("2026/10/01 {hour:02}:00:00"),
            header="Label,checkout CPUUtilization,search CPUUtilization",
            labels="Account,111122223333,111122223333\nRegion,eu-west-1,eu-west-1\nStatistic,Average,Average\n"
            "Period,3600,3600\n",
        ),
        {"columns": {"timestamp": "Label"}, "series_pattern": r"^(?P<service>\S+) (?P<metric>\S+)$"},
        BOTH,
    ),
    "datadog, epoch ms": Layout(
        wide(["1790812800000", "1790816400000", "1790820000000"], header="timestamp,service:checkout,service:search"),
        {"series_pattern": r"service:(?P<service>[^,\s]+)", "metric": "requests"},
        BOTH,
    ),
    "datadog, the metric and its tags": Layout(
        wide(
            ["1790812800000", "1790816400000", "1790820000000"],
            header='timestamp,"avg:system.cpu.user{service:checkout,env:p}","avg:system.cpu.user{service:search,env:p}"',
        ),
        {"series_pattern": r"^\w+:(?P<metric>[\w.]+)\{.*service:(?P<service>[^,}]+)"},
        BOTH,
    ),
    "datadog, long": Layout(
        "time,group,value\n"
        + "".join(
            f"{JS.format(hour=h, offset='+0000', name='')},service:checkout,{v}\n" for h, v in enumerate(CHECKOUT)
        ),
        {
            "columns": {"timestamp": "time", "series": "group"},
            "series_pattern": "service:(?P<service>.+)",
            "metric": "cpu",
        },
    ),
    "gcp, label rows, and names that only a row has": Layout(
        wide(
            [JS.format(hour=h, offset="+0100", name=" (Central European Standard Time)") for h in range(3)],
            header="TimeSeries ID,8831 shop,9917 shop",
            labels="project_id,shop,shop\nservice_name,checkout,search\n",
        ),
        {
            "columns": {"timestamp": "TimeSeries ID"},
            "series_pattern": "(?P<service>.+)",
            "names_row": "service_name",
            "metric": "cpu",
        },
        BOTH,
        "2026-09-30 23",
    ),
    "gcp, west of Greenwich by half an hour": Layout(
        wide(
            [JS.format(hour=h, offset="-0330", name=" (Newfoundland Standard Time)") for h in range(3)],
            header="TimeSeries ID,checkout,search",
        ),
        {"columns": {"timestamp": "TimeSeries ID"}, "series_pattern": "(?P<service>.+)", "metric": "cpu"},
        BOTH,
        "2026-10-01 03",
    ),
    "grafana for excel": Layout(
        wide(iso("2026-10-01 {hour:02}:00:00"), before="sep=,\n", header='"Time","{service=""checkout""}"', services=1),
        {"columns": {"timestamp": "Time"}, "series_pattern": 'service="(?P<service>[^"]+)"', "metric": "requests"},
    ),
    "grafana for excel, in a language of semicolons": Layout(
        "sep=;\nTime;checkout;search\n"
        + "".join(
            f"2026-10-01 0{h}:00:00;{a};{b}\n" for h, (a, b) in enumerate(zip(CHECKOUT, SEARCH, strict=True))
        ).replace(".", ","),
        {
            "columns": {"timestamp": "Time"},
            "series_pattern": "(?P<service>.+)",
            "metric": "requests",
            "number_format": "1.234,5",
        },
        BOTH,
    ),
    "grafana, labels without quotes around them": Layout(
        wide(
            iso("2026-10-01 {hour:02}:00:00"),
            header='Time,http_requests{job="x", service="checkout"},http_requests{job="y", service="search"}',
        ),
        {
            "columns": {"timestamp": "Time"},
            "series_pattern": r'^(?P<metric>\w+)\{.*service="(?P<service>[^"]+)"',
        },
        BOTH,
    ),
    "grafana, semicolons, and commas in the names": Layout(
        '"Time";"{service=""checkout"", job=""x"", zone=""a""}"\n'
        + "".join(f"2026-10-01T0{h}:00:00+01:00;{v}\n" for h, v in enumerate(CHECKOUT)),
        {"columns": {"timestamp": "Time"}, "series_pattern": 'service="(?P<service>[^"]+)"', "metric": "requests"},
        first="2026-09-30 23",
    ),
    "grafana, a row a sample": Layout(
        '"Series","Time","Value"\n'
        + "".join(f'"checkout","2026-10-01T0{h}:00:00+01:00",{v}\n' for h, v in enumerate(CHECKOUT)),
        {"columns": {"service": "Series", "timestamp": "Time", "value": "Value"}, "metric": "requests"},
        first="2026-09-30 23",
    ),
    "grafana, thousands": Layout(
        '"Series";"Time";"Value"\n'
        + "".join(
            f'"checkout";"2026-10-01T0{h}:00:00+11:00";{v}\n'
            for h, v in enumerate(("100,125,730.221", "112,802,437.339", "125,628,927.783"))
        ),
        {
            "columns": {"service": "Series", "timestamp": "Time", "value": "Value"},
            "metric": "requests",
            "number_format": "1,234.5",
        },
        {"checkout": (100125730.221, 112802437.339, 125628927.783)},
        "2026-09-30 13",
    ),
    "grafana, percent": Layout(
        wide(iso("2026-10-01 {hour:02}:00:00"), header='"Time","checkout"', services=1, cell="{:.3f}%"),
        {"columns": {"timestamp": "Time"}, "series_pattern": "(?P<service>.+)", "metric": "cpu"},
    ),
    "grafana, kilobytes and bytes, and a row of units": Layout(
        "Time,checkout\n,bytes\n2026-10-01 00:00:00,1.5 kB\n2026-10-01 01:00:00,1 KiB\n2026-10-01 02:00:00,12 B\n",
        {"columns": {"timestamp": "Time"}, "series_pattern": "(?P<service>.+)", "metric": "memory"},
        {"checkout": (1500, 1024, 12)},
    ),
    "grafana, milliseconds and seconds": Layout(
        "Time,checkout\n2026-10-01 00:00:00,12 ms\n2026-10-01 01:00:00,1.2 s\n2026-10-01 02:00:00,2 min\n",
        {"columns": {"timestamp": "Time"}, "series_pattern": "(?P<service>.+)", "metric": "latency"},
        {"checkout": (0.012, 1.2, 120)},
    ),
    "short numbers": Layout(
        "Time,checkout\n2026-10-01 00:00:00,1.2k\n2026-10-01 01:00:00,3.40 Mil\n2026-10-01 02:00:00,7\n",
        {"columns": {"timestamp": "Time"}, "series_pattern": "(?P<service>.+)", "metric": "requests"},
        {"checkout": (1200, 3.4e6, 7)},
    ),
    "cloudwatch logs insights": Layout(
        "bin(1h),service,requests\n"
        + "".join(f"2026-10-01 0{h}:00:00.000,checkout,{v}\n" for h, v in enumerate(CHECKOUT)),
        {"columns": {"timestamp": "bin(1h)", "value": "requests"}, "metric": "requests"},
    ),
    "new relic, epoch s": Layout(
        "Begin time,End time,App Name,Average CPU\n"
        + "".join(f"{1790812800 + 3600 * h},{1790816400 + 3600 * h},checkout,{v}\n" for h, v in enumerate(CHECKOUT)),
        {
            "columns": {"timestamp": "Begin time", "service": "App Name", "value": "Average CPU"},
            "metric": "cpu",
        },
    ),
    "kibana, its own time and thousands": Layout(
        "@timestamp,service.name,Count\n"
        + "".join(
            f'"Oct 1, 2026 @ 0{h}:00:00.000",checkout,"{v}"\n' for h, v in enumerate(("1,100", "12,802", "1,125,629"))
        ),
        {
            "columns": {"timestamp": "@timestamp", "service": "service.name", "value": "Count"},
            "metric": "requests",
            "time_format": "%b %d, %Y @ %H:%M:%S.%f",
            "number_format": "1,234.5",
        },
        {"checkout": (1100, 12802, 1125629)},
    ),
    "day first, and the local time of Berlin": Layout(
        "Zeit;checkout\n25.10.2026 01:00;1.100,126\n25.10.2026 02:00;1.112,802\n25.10.2026 02:00;1.125,629\n"
        "25.10.2026 03:00;1.200,5\n",
        {
            "columns": {"timestamp": "Zeit"},
            "series_pattern": "(?P<service>.+)",
            "metric": "requests",
            "time_format": "%d.%m.%Y %H:%M",
            "timezone": "Europe/Berlin",
            "number_format": "1.234,5",
        },
        {"checkout": (1100.126, 1112.802, 1125.629, 1200.5)},
        "2026-10-24 23",
    ),
    "epoch us, tabs": Layout(
        "ts\tsearch\tcheckout\n"
        + "".join(
            f"{(1790812800 + 3600 * h) * 10**6}\t{b}\t{a}\n"
            for h, (a, b) in enumerate(zip(CHECKOUT, SEARCH, strict=True))
        ),
        {"columns": {"timestamp": "ts"}, "series_pattern": "(?P<service>.+)", "metric": "requests"},
        BOTH,
    ),
    "epoch ns": Layout(
        "name,time,host,value\n"
        + "".join(f"cpu,{(1790812800 + 3600 * h) * 10**9},checkout,{v}\n" for h, v in enumerate(CHECKOUT)),
        {"columns": {"metric": "name", "timestamp": "time", "service": "host"}},
    ),
    "an offset without a colon, behind a space": Layout(
        "service,metric,timestamp,value\n"
        + "".join(f"checkout,cpu,2026-10-01 0{h}:00:00 -0500,{v}\n" for h, v in enumerate(CHECKOUT)),
        {},
        first="2026-10-01 05",
    ),
    "the zone's own names of its hours": Layout(
        "service,metric,timestamp,value\n"
        "checkout,cpu,2026-11-01 01:00 EDT,100.126\ncheckout,cpu,2026-11-01 01:00 EST,112.802\n"
        "checkout,cpu,2026-11-01 02:00 EST,125.629\n",
        {"timezone": "America/New_York"},
        first="2026-11-01 05",
    ),
    "a rate a second every 20 minutes": Layout(
        "service,metric,timestamp,value\n"
        + "".join(f"checkout,requests,2026-10-01T0{h}:{m}0:00Z,{h + 1}\n" for h in range(3) for m in (0, 2, 4)),
        {"shape": "rate"},
        {"checkout": (3600, 7200, 10800)},
    ),
}  # fmt: skip
