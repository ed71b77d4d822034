"""A preview on the engine against the smallest program's on the same engine, the dry run, and growth with the number of teams."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from bench.measure import ROOT, both_seconds, median, peak_mib, seconds

RUNS = 5
TEAMS = (5, 50, 500)
SMALLEST = {
    "Pulumi.yaml": "name: smallest\nruntime: python\n",
    "Pulumi.dev.yaml": "config: {}\n",
    "__main__.py": "import pulumi\n\npulumi.export('one', 1)\n",
}
"""A program that registers nothing: what the CLI, its language host and the SDK take by themselves."""


def ratio() -> None:
    """Print what a warm preview of the shipped dev stack takes beside the smallest program's, run in turns."""
    with tempfile.TemporaryDirectory() as folder:
        smallest = Path(folder, "smallest")
        smallest.mkdir()
        for name, text in SMALLEST.items():
            (smallest / name).write_text(text, encoding="utf-8")
        preview = [sys.executable, "-m", "emulator", "preview", "--stack", "dev"]
        commands = {
            "dev on the engine, both packs": preview,
            "dev on the engine, no pack": [*preview, "--no-policies"],
            "dev by the dry run, both packs": [*preview, "--dry-run"],
            "the smallest program on the engine": [*preview, "--no-policies", "--cwd", str(smallest)],
        }
        rows = {what: list[tuple[float, float]]() for what in commands}
        for number in range(RUNS + 1):
            for what, command in commands.items():
                state = str(Path(folder, "small" if str(smallest) in command else "lab"))
                took = both_seconds(command, {"SECURE_AKS_EMULATOR_DIR": state})
                if number:  # the first warms the caches
                    rows[what].append(took)
    medians = {
        what: (median([v[0] for v in values]), median([v[1] for v in values]))
        for what, values in rows.items()
    }
    wall, processor = medians["the smallest program on the engine"]
    print(f"median of {RUNS}:{'':25} wall s  processor s  it / the smallest: wall, processor")
    for what, (own_wall, own_processor) in medians.items():
        print(
            f"  {what:36}{own_wall:6.2f}{own_processor:13.2f}{own_wall / wall:23.2f}{own_processor / processor:11.2f}"
        )


def growth() -> None:
    """Print time and memory of a dry run with more and more teams."""
    for teams in TEAMS:
        with tempfile.TemporaryDirectory() as state:
            stack = f"bench{teams}"
            path = ROOT / f"Pulumi.{stack}.yaml"
            try:
                write(path, teams)
                took = seconds(
                    [sys.executable, "-m", "emulator", "preview", "--dry-run", "--stack", stack, "--json"],
                    {"SECURE_AKS_EMULATOR_DIR": state},
                )
            finally:
                path.unlink(missing_ok=True)
        print(
            f"{teams:4} teams: {took:7.2f} s, {took / teams * 1000:8.1f} ms a team, peak {peak_mib():6.0f} MiB"
        )


def write(path: Path, count: int) -> None:
    """Write the shipped dev stack with teams added until there are `count`."""
    yaml: Any = YAML()  # carries no types
    data = yaml.load((ROOT / "Pulumi.dev.yaml").read_text(encoding="utf-8"))
    teams = data["config"]["secure-aks:teams"]  # the shipped ones stay: pools and platform name them
    teams += [
        {
            "name": f"team-{number:03}",
            "groups": [
                {"name": f"team-{number:03}-developers", "role": "developer"},
                {"name": f"team-{number:03}-viewers", "role": "viewer"},
            ],
            "quota": {"cpu": "4", "memory": "16Gi", "pods": 20},
        }
        for number in range(count - len(teams))
    ]
    with path.open("w", encoding="utf-8") as file:
        yaml.dump(data, file)


def run() -> None:
    """Run both."""
    ratio()
    growth()
