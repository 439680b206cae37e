"""Times panel draws; see ../panels.

panels.py KITH INSTANCES RESULTS [options]
"""

import argparse
import json
import re
import subprocess
import sys
import time
from datetime import datetime
from pathlib import Path
from statistics import median

SEATS = {"g60": 20, "g200": 20, "g200h": 20, "g500": 30}
# What the peer calls each.
ALGORITHMS = {"uniform": "legacy", "maximin": "maximin", "leximin": "leximin", "nash": "nash"}
BACKENDS = {"highspy": "HiGHS", "mip-cbc": "CBC"}


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser()
    parser.add_argument("kith")
    parser.add_argument("instances_folder", type=Path)
    parser.add_argument("results", type=Path)
    parser.add_argument("--markdown", action="store_true")
    parser.add_argument("--repetitions", type=int, default=3)
    parser.add_argument("--limit", type=float, default=120)
    parser.add_argument("--instances", default=" ".join(SEATS))
    parser.add_argument("--algorithms", default=" ".join(ALGORITHMS))
    return parser.parse_args()


def run(command: list[str], limit: float) -> tuple[float, str]:
    """The seconds a command took and what it printed.

    Raises RuntimeError with the reason where it failed, TimeoutError where it took too long.
    """
    begun = time.perf_counter()
    try:
        result = subprocess.run(command, capture_output=True, text=True, timeout=limit)
    except subprocess.TimeoutExpired:
        raise TimeoutError from None
    seconds = time.perf_counter() - begun
    if result.returncode != 0:
        lines = (result.stderr or result.stdout).strip().splitlines()
        raise RuntimeError(lines[-1] if lines else f"exit {result.returncode}")
    return seconds, result.stdout


def kith(options: argparse.Namespace, instance: str, algorithm: str) -> dict:
    folder = options.instances_folder / instance
    seconds, output = run(
        [
            options.kith, "allocate", "panel", "--candidates", str(folder / "candidates.csv"), "--targets", str(folder / "targets.csv"),
            "--size", str(SEATS[instance]), "--seed", "1", "--algorithm", algorithm, "--json",
        ], options.limit)
    draw = json.loads(output)
    if len(draw["panel"]) != SEATS[instance]:
        raise RuntimeError(f"{len(draw['panel'])} people were drawn instead of {SEATS[instance]}")
    chances = draw.get("probabilities")
    return {"seconds": seconds, "least": min(chances.values()) if chances else None}


def peer(options: argparse.Namespace, instance: str, algorithm: str, backend: str) -> dict:
    script = Path(__file__).with_name("panel_peer.py")
    _, output = run(
        [sys.executable, str(script), str(options.instances_folder / instance), str(SEATS[instance]), ALGORITHMS[algorithm], backend],
        options.limit + 10)
    result = json.loads(output.splitlines()[-1])
    if result["seconds"] > options.limit:
        raise TimeoutError
    return result


def known_algorithms(program: str) -> list[str]:
    """The algorithms that the help of this build names."""
    _, text = run([program, "allocate", "panel", "--help"], 60)
    listed = re.search(r"--algorithm.*?values:\s*([a-z,\s]+)", text, re.DOTALL)
    names = set(re.findall(r"[a-z]+", listed[1])) if listed else set()
    return [name for name in ALGORITHMS if name in names]


def measure(options: argparse.Namespace, instance: str, algorithm: str, raw) -> tuple[dict, dict[str, dict]]:
    """Kith's and each backend's times, or the reason why there are none."""
    turns = {"kith": lambda: kith(options, instance, algorithm)}
    # The backends make no difference to "legacy", which solves nothing.
    for backend in BACKENDS if algorithm != "uniform" else ["highspy"]:
        turns[backend] = lambda backend=backend: peer(options, instance, algorithm, backend)
    found = {name: {"times": [], "least": None, "reason": None} for name in turns}
    for repetition in range(1, options.repetitions + 1):
        for name, turn in turns.items():
            if found[name]["reason"]:
                continue
            try:
                result = turn()
            except TimeoutError:
                found[name]["reason"] = f"more than {options.limit:g} s"
                continue
            except RuntimeError as error:
                found[name]["reason"] = f"failed: {error}"
                continue
            found[name]["times"].append(result["seconds"])
            if result["least"] is not None:
                found[name]["least"] = min(result["least"], found[name]["least"] if found[name]["least"] is not None else 1)
            line = {"instance": instance, "algorithm": algorithm, "program": name, "repetition": repetition, **result}
            raw.write(json.dumps(line) + "\n")
            raw.flush()
            print(line, file=sys.stderr)
    return found.pop("kith"), found


def least(value: float | None) -> str:
    return "" if value is None else f"{value:.6f}"


def row(instance: str, algorithm: str, ours: dict, theirs: dict[str, dict]) -> list[str]:
    cells = [instance, algorithm]
    cells += [ours["reason"] or f"{median(ours['times']):.3f} s", least(ours["least"])]
    finished = {name: entry for name, entry in theirs.items() if not entry["reason"]}
    if not finished:
        reasons = "; ".join((f"{BACKENDS[name]} " if len(theirs) > 1 else "") + entry["reason"] for name, entry in theirs.items())
        return cells + [reasons, "", ""]
    best = min(finished, key=lambda name: median(finished[name]["times"]))
    seconds = median(finished[best]["times"])
    name = f" ({BACKENDS[best]})" if len(theirs) > 1 else ""
    ratio = "" if ours["reason"] else f"{seconds / median(ours['times']):.1f}"
    return cells + [f"{seconds:.3f} s{name}", least(finished[best]["least"]), ratio]


def show(rows: list[list[str]], markdown: bool) -> None:
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    for index, cells in enumerate(rows):
        if markdown:
            print("| " + " | ".join(cells) + " |")
            if index == 0:
                print("|" + " --- |" * len(cells))
        else:
            print("  ".join(cell.ljust(width) for cell, width in zip(cells, widths)).rstrip())


def main() -> None:
    options = arguments()
    try:
        known = known_algorithms(options.kith)
    except RuntimeError as error:
        sys.exit(f"Benchmarks/panels: this build has no `kith allocate panel`: {error}")
    if not known:
        sys.exit("Benchmarks/panels: this build has no `kith allocate panel`")
    wanted = options.algorithms.split()
    for name in wanted:
        if name not in known:
            print(f"Skipping {name}, which this build of Kith does not list.", file=sys.stderr)
    folder = options.results / datetime.now().strftime("%Y-%m-%d-%H%M%S-panels")
    folder.mkdir(parents=True)
    rows = [["instance", "algorithm", "Kith", "least chance", "sortition-algorithms 0.12.15", "least chance", "times as fast"]]
    with open(folder / "raw.jsonl", "w") as raw:
        for instance in options.instances.split():
            for algorithm in wanted:
                if algorithm in known:
                    rows.append(row(instance, algorithm, *measure(options, instance, algorithm, raw)))
    print(f"Medians of {options.repetitions} interleaved repetitions.\n")
    show(rows, options.markdown)


main()
