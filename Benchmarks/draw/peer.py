"""Draws one panel with sortition-algorithms and prints a line of JSON: the seconds it took and the least chance that anyone had.

peer.py FOLDER SEATS ALGORITHM BACKEND
"""

import json
import sys
import time
from pathlib import Path

# The package loads these when it first needs them, which is not to count.
import cvxpy  # noqa: F401
import gurobipy  # noqa: F401
import highspy  # noqa: F401
import mip  # noqa: F401
from sortition_algorithms import core
from sortition_algorithms.adapters import CSVFileDataSource, SelectionData
from sortition_algorithms.settings import Settings

chances: list[float] = []


def remembering(find):
    """The same function, which also adds up everyone's chances from the lottery that it finds."""

    def found(features, people, *rest, **named):
        committees, probabilities, report = find(features, people, *rest, **named)
        sums = dict.fromkeys(people, 0.0)
        for committee, probability in zip(committees, probabilities):
            for person in committee:
                sums[person] += probability
        chances.extend(sums.values())
        return committees, probabilities, report

    return found


def main() -> None:
    folder, seats, algorithm, backend = Path(sys.argv[1]), int(sys.argv[2]), sys.argv[3], sys.argv[4]
    for name in ["find_distribution_maximin", "find_distribution_leximin", "find_distribution_nash"]:
        setattr(core, name, remembering(getattr(core, name)))
    settings = Settings(
        id_column="id", columns_to_keep=["address", "zip"], check_same_address=True, check_same_address_columns=["address", "zip"],
        selection_algorithm=algorithm, solver_backend=backend)
    begun, used = time.perf_counter(), time.process_time()
    data = SelectionData(CSVFileDataSource(
        features_file=folder / "targets.csv", people_file=folder / "candidates.csv", already_selected_file=None,
        selected_file=Path("/dev/null"), remaining_file=Path("/dev/null")))
    features, _ = data.load_features(seats)
    people, _ = data.load_people(settings, features)
    drawn, panels, report = core.run_stratification(features, people, seats, settings)
    seconds, processor = time.perf_counter() - begun, time.process_time() - used
    if not drawn or len(panels) != 1 or len(panels[0]) != seats:
        sys.exit(f"peer.py: no panel was drawn: {report.as_text()[-500:]}")
    print("\n" + json.dumps({"seconds": seconds, "processor": processor, "least": min(chances) if chances else None}))


main()
