"""Times panel draws; see run.

draws.py KITH INSTANCES RESULTS [options]
"""

import argparse
import json
import resource
import subprocess
import sys
import tempfile
import time
from datetime import datetime
from pathlib import Path
from statistics import median

SEATS = {
    "g60": 20, "g200": 20, "g200h": 20, "g500": 30, "g1000": 50, "2000x200x2": 200, "1727x110x7": 110,
    "hard-r119": 30, "hard-r056": 40, "hard-r010": 40,
}
GENERATED = {"2000x200x2": (2000, 200, 2), "1727x110x7": (1727, 110, 7)}
# What the peer calls each; it has no goldilocks in this release.
ALGORITHMS = {"uniform": "legacy", "maximin": "maximin", "leximin": "leximin", "nash": "nash", "goldilocks": None}
BACKENDS = {"highspy": "HiGHS", "mip-cbc": "CBC"}
# Whoever takes longer has one turn.
PATIENCE = 20
# The peer solves to a gap of its own; a least chance below ours by more than this is called wrong.
ACCURACY = 1e-4


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser()
    parser.add_argument("kith")
    parser.add_argument("instances_folder", type=Path)
    parser.add_argument("results", type=Path)
    parser.add_argument("--markdown", action="store_true")
    parser.add_argument("--repetitions", type=int, default=3)
    parser.add_argument("--limit", type=float, default=120)
    parser.add_argument("--instances", default=" ".join(SEATS))
    parser.add_argument("--algorithms", default="leximin")
    return parser.parse_args()


def processor_time() -> float:
    """The processor time of all commands that have ended."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def run(command: list[str], limit: float) -> tuple[float, float, str]:
    """The seconds a command took, by the clock and of the processor, and what it printed.

    Raises RuntimeError with the reason where it failed, TimeoutError where it took too long.
    """
    begun, used = time.perf_counter(), processor_time()
    try:
        result = subprocess.run(command, capture_output=True, text=True, timeout=limit)
    except subprocess.TimeoutExpired:
        raise TimeoutError from None
    seconds = time.perf_counter() - begun
    if result.returncode != 0:
        lines = (result.stderr or result.stdout).strip().splitlines()
        raise RuntimeError(lines[-1] if lines else f"exit {result.returncode}")
    return seconds, processor_time() - used, result.stdout


def kith(options: argparse.Namespace, folder: Path, seats: int, algorithm: str) -> dict:
    seconds, processor, output = run(
        [
            options.kith, "allocate", "panel", "--candidates", str(folder / "candidates.csv"), "--targets", str(folder / "targets.csv"),
            "--size", str(seats), "--seed", "1", "--algorithm", algorithm, "--json",
        ], options.limit)
    draw = json.loads(output)
    if len(draw["panel"]) != seats:
        raise RuntimeError(f"{len(draw['panel'])} people were drawn instead of {seats}")
    chances = draw.get("probabilities")
    return {"seconds": seconds, "draw": draw["seconds"], "processor": processor, "least": min(chances.values()) if chances else None}


def peer(options: argparse.Namespace, folder: Path, seats: int, algorithm: str, backend: str) -> dict:
    script = Path(__file__).with_name("peer.py")
    _, _, output = run([sys.executable, str(script), str(folder), str(seats), ALGORITHMS[algorithm], backend], options.limit + 10)
    result = json.loads(output.splitlines()[-1])
    if result["seconds"] > options.limit:
        raise TimeoutError
    return result


def measure(options: argparse.Namespace, instance: str, folder: Path, algorithm: str, raw) -> tuple[dict, dict[str, dict]]:
    """Kith's and each backend's times, or the reason why there are none."""
    seats = SEATS[instance]
    turns = {"kith": lambda: kith(options, folder, seats, algorithm)}
    if ALGORITHMS[algorithm]:
        # The backends make no difference to "legacy", which solves nothing.
        for backend in BACKENDS if algorithm != "uniform" else ["highspy"]:
            turns[backend] = lambda backend=backend: peer(options, folder, seats, algorithm, backend)
    found = {name: {"times": [], "draws": [], "processor": [], "least": None, "reason": None} for name in turns}
    for repetition in range(1, options.repetitions + 1):
        for name, turn in turns.items():
            entry = found[name]
            if entry["reason"] or any(seconds > PATIENCE for seconds in entry["times"]):
                continue
            try:
                result = turn()
            except TimeoutError:
                entry["reason"] = f"more than {options.limit:g} s"
                continue
            except RuntimeError as error:
                entry["reason"] = f"failed: {error}"
                continue
            entry["times"].append(result["seconds"])
            # The peer's time is that of the draw alone.
            entry["draws"].append(result.get("draw", result["seconds"]))
            entry["processor"].append(result["processor"])
            if result["least"] is not None:
                entry["least"] = min(result["least"], entry["least"] if entry["least"] is not None else 1)
            line = {"instance": instance, "algorithm": algorithm, "program": name, "repetition": repetition, **result}
            raw.write(json.dumps(line) + "\n")
            raw.flush()
            print(line, file=sys.stderr, flush=True)
    return found.pop("kith"), found


def least(value: float | None) -> str:
    return "" if value is None else f"{value:.6f}"


def row(options: argparse.Namespace, instance: str, algorithm: str, ours: dict, theirs: dict[str, dict]) -> list[str]:
    cells = [instance, algorithm]
    if ours["reason"]:
        cells += [ours["reason"], "", "", ""]
    else:
        cells += [f"{median(ours['times']):.3f} s", f"{median(ours['draws']):.3f} s", f"{median(ours['processor']):.3f} s", least(ours["least"])]
    right, wrong = {}, []
    for name, entry in theirs.items():
        if entry["reason"]:
            continue
        if None not in (entry["least"], ours["least"]) and entry["least"] < ours["least"] - ACCURACY:
            wrong.append(f"{BACKENDS[name]} wrong: {entry['least']:.6f} in {median(entry['times']):.1f} s")
        else:
            right[name] = entry
    if not right:
        reasons = wrong + [f"{BACKENDS[name]} {entry['reason']}" for name, entry in theirs.items() if entry["reason"]]
        stopped = [entry for entry in theirs.values() if (entry["reason"] or "").startswith("more than")]
        ratios = [f"> {int(options.limit / median(ours[time]))}" if stopped and not ours["reason"] else "" for time in ("draws", "times")]
        return cells + ["; ".join(reasons), "", "", *ratios, ""]
    best = min(right, key=lambda name: median(right[name]["times"]))
    seconds, processor = median(right[best]["times"]), median(right[best]["processor"])
    # Where others use the machine, the processor's times are the ones to compare.
    ratios = ["", "", ""] if ours["reason"] else [
        f"{seconds / median(ours['draws']):.0f}", f"{seconds / median(ours['times']):.0f}", f"{processor / median(ours['processor']):.0f}"]
    return cells + [
        f"{seconds:.3f} s ({BACKENDS[best]})" + "".join(f"; {text}" for text in wrong), f"{processor:.3f} s", least(right[best]["least"]),
        *ratios,
    ]


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
    folder = options.results / datetime.now().strftime("%Y-%m-%d-%H%M%S-draw")
    folder.mkdir(parents=True)
    rows = [
        ["instance", "algorithm", "kith", "the draw alone", "processor", "least chance", "sortition-algorithms 0.12.15: the draw alone",
         "processor", "least chance", "times as fast, draw by draw", "with the start of kith", "by processor"],
    ]
    with open(folder / "raw.jsonl", "w") as raw, tempfile.TemporaryDirectory() as generated:
        for instance in options.instances.split():
            files = options.instances_folder / instance
            if instance in GENERATED:
                files = Path(generated) / instance
                generator = Path(__file__).with_name("generate.py")
                subprocess.run([sys.executable, str(generator), str(files), *map(str, GENERATED[instance])], check=True)
            for algorithm in options.algorithms.split():
                rows.append(row(options, instance, algorithm, *measure(options, instance, files, algorithm, raw)))
    print(f"Medians of {options.repetitions} interleaved turns, of one where a program took over {PATIENCE} s.\n")
    show(rows, options.markdown)


main()
