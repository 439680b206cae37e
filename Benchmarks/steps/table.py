"""Prints the table of a run.

table.py RAW [--markdown]

RAW holds a line of JSON a measurement, as ../run writes them: rates (scenario, peer, per_second, …) and those of startup.py.
A rate is the median of the repetitions, with the least and the greatest; a ratio is that of medians.
"""

import json
import sys
from statistics import median

SCENARIOS = {
    "get": "One resource by primary key",
    "insert": "One insert with audit entry",
    "list": "A list of 50 rows",
}
PEERS = {
    "pgbench": "pgbench, four round trips",
    "pgbench_pipeline": "pgbench, `\\startpipeline`",
    "fastapi": "FastAPI, 2 workers",
    "fastapi_bare": "FastAPI, bare answers",
}
# The least ratio of Kith's rate to the peer's.
TARGETS = {
    ("get", "pgbench_pipeline"): 0.35,
    ("get", "fastapi"): 4.5,
    ("insert", "pgbench"): 1.2,
    ("insert", "pgbench_pipeline"): 0.7,
    ("insert", "fastapi"): 5,
    ("list", "fastapi"): 9,
}


def rate(values: list[float]) -> str:
    return f"{median(values):,.0f} ({min(values):,.0f}–{max(values):,.0f})"


def verdict(met: bool) -> str:
    return "met" if met else "missed"


def rates(raw: list[dict]) -> list[list[str]]:
    measured: dict[tuple[str, str], list[float]] = {}
    for line in raw:
        if "scenario" in line:
            measured.setdefault((line["scenario"], line["peer"]), []).append(line["per_second"])
    rows = [["Requests a second", "Kith", "against", "", "ratio", "target", ""]]
    for scenario, title in SCENARIOS.items():
        kith = measured.get((scenario, "kith"))
        if not kith:
            continue
        for peer, name in PEERS.items():
            theirs = measured.get((scenario, peer))
            if not theirs:
                continue
            ratio = median(kith) / median(theirs)
            target = TARGETS.get((scenario, peer))
            rows.append([
                title, rate(kith), name, rate(theirs), f"{ratio:.2f}",
                f"at least {target:g}" if target else "", verdict(ratio >= target) if target else "",
            ])
    return rows


def resources(raw: list[dict]) -> list[list[str]]:
    rows = [["Start-up and memory", "measured", "target", ""]]
    megabyte = 1e6
    starts = [line["seconds"] for line in raw if line.get("measure") == "startup"]
    if starts:
        value = median(starts)
        rows.append([
            "Start to first answer", f"{value:.3f} s ({min(starts):.3f}–{max(starts):.3f}, {len(starts)} starts)", "under 0.3 s",
            verdict(value < 0.3),
        ])
    for line in raw:
        if line.get("measure") == "rest":
            rows.append([
                "Memory at rest", f"{line['rss'] / megabyte:.1f} MB RSS, {line['pss'] / megabyte:.1f} MB PSS", "under 60 MB",
                verdict(line["rss"] < 60 * megabyte),
            ])
        if line.get("measure") == "streams":
            rows.append([
                f"{line['count']:,} idle event streams",
                f"{line['rss_added'] / megabyte:.1f} MB RSS more, {line['pss_added'] / megabyte:.1f} MB PSS more", "under 60 MB more",
                verdict(line["rss_added"] < 60 * megabyte),
            ])
        if line.get("measure") == "loaded":
            rows.append(["Memory after the load above", f"{line['rss'] / megabyte:.1f} MB RSS", "", ""])
    return rows


def show(rows: list[list[str]], markdown: bool) -> None:
    if len(rows) == 1:
        return
    if markdown:
        for index, row in enumerate(rows):
            print("| " + " | ".join(row) + " |")
            if index == 0:
                print("|" + " --- |" * len(row))
    else:
        widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
        for row in rows:
            print("  ".join(cell.ljust(width) for cell, width in zip(row, widths)).rstrip())
    print()


def main() -> None:
    with open(sys.argv[1]) as file:
        raw = [json.loads(line) for line in file]
    for line in raw:
        if line.get("measure") == "conditions":
            print(line["text"])
            print()
    markdown = "--markdown" in sys.argv[2:]
    show(rates(raw), markdown)
    show(resources(raw), markdown)


main()
