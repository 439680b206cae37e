"""Writes a synthetic pool of volunteers with the self-selection bias that real pools have. The same arguments give the same files.

generate.py FOLDER PEOPLE SEATS FEATURES [SEED]

The two shapes of Flanigan et al. (Nature 596, 2021) that the benchmark has are `1727 110 7` and `2000 200 2`.
"""

import csv
import random
import sys
from pathlib import Path

# Each feature's values with their share of the population and how often, of those, people volunteer.
FEATURES = [
    ("gender", [("woman", 0.51, 1.2), ("man", 0.48, 0.8), ("other", 0.01, 1.5)]),
    ("age", [("16-24", 0.13, 0.4), ("25-39", 0.24, 0.7), ("40-59", 0.33, 1.1), ("60-74", 0.2, 1.6), ("75+", 0.1, 0.9)]),
    ("education", [("none", 0.21, 0.3), ("school", 0.34, 0.7), ("degree", 0.45, 1.8)]),
    ("ethnicity", [("white", 0.83, 1.1), ("asian", 0.09, 0.6), ("black", 0.04, 0.6), ("mixed", 0.03, 0.8), ("other", 0.01, 0.7)]),
    ("region", [(f"r{index}", share, 0.7 + 0.06 * index) for index, share in enumerate(
        [0.14, 0.13, 0.11, 0.1, 0.09, 0.09, 0.08, 0.08, 0.06, 0.05, 0.04, 0.03])]),
    ("view", [("very concerned", 0.52, 1.6), ("fairly concerned", 0.33, 0.6), ("not very concerned", 0.1, 0.35), ("other", 0.05, 0.3)]),
    ("place", [("urban", 0.8, 1.0), ("rural", 0.2, 1.1)]),
]


def main() -> None:
    folder, people, seats, count = Path(sys.argv[1]), *map(int, sys.argv[2:5])
    random.seed(int(sys.argv[5]) if len(sys.argv) > 5 else 1)
    features = FEATURES[:count]
    folder.mkdir(parents=True, exist_ok=True)
    with open(folder / "candidates.csv", "w", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["id"] + [name for name, _ in features] + ["address", "zip"])
        for person in range(people):
            values = [
                random.choices([value for value, _, _ in options], [share * eagerness for _, share, eagerness in options])[0]
                for _, options in features
            ]
            writer.writerow([f"p{person}"] + values + [f"a{person}", "z"])
    with open(folder / "targets.csv", "w", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["feature", "value", "min", "max"])
        for name, options in features:
            for value, share, _ in options:
                wanted = share * seats
                # A seat or 4 % to either side.
                room = max(0.5, 0.04 * wanted)
                writer.writerow([name, value, max(0, int(wanted - room)), int(wanted + room + 0.999)])


main()
