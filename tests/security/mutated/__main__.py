"""Ask about thousands of mutated objects: `make mutated`."""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from pathlib import Path

from secure_aks_lifecycle.ending import run

from emulator.control_plane.builder import build
from emulator.control_plane.server import ControlPlane
from tests.security.helpers import judge_of
from tests.security.mutated.examining import examine
from tests.security.mutated.making import mutated
from tests.security.parity_server import serving


def main() -> int:
    """Run; 1 when something was wrong."""
    parser = argparse.ArgumentParser(description="Ask the pack and a real API server about mutated objects.")
    parser.add_argument("--count", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=int(time.time()))
    options = parser.parse_args()
    build(sys.stderr)
    first = options.seed * 1_000_000
    items = map(mutated, range(first, first + options.count))
    with (
        tempfile.TemporaryDirectory() as folder,
        ControlPlane() as control_plane,
        serving(control_plane, Path(folder)) as server,
    ):
        tally = examine(judge_of({"nodeUpdates": "kured"}), server, items)
    for line in tally.wrong:
        sys.stdout.write(f"{line}\n")
    found = f"{len(tally.wrong):,} wrong" if tally.wrong else "nothing wrong"
    sys.stdout.write(
        f"{tally.asked:,} objects of seed {options.seed}, {tally.admitted:,} of them let in by the API server: {found}\n"
    )
    return 1 if tally.wrong else 0


if __name__ == "__main__":
    run(lambda: main)
