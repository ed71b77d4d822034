"""What the program declares for a stack file, before Azure hears of it: the dry run's own report."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pathlib import Path

    from .found import Json

CLUSTER, POOL = "azure-native:containerservice:ManagedCluster", "azure-native:containerservice:AgentPool"
DEPLOYMENT = "azure-native:resources:Deployment"
# As this process was started: by the script without the current folder, whose modules may have the names of ours.
_PYTHON = [sys.executable, *(["-P"] if sys.flags.safe_path else [])]


class DryRunError(ValueError):
    """The program did not get to its end; the message says why."""


@dataclass(frozen=True)
class Registered:
    """The resources by URN in their order, each with its inputs, and what the packs say of them."""

    rows: tuple[Json, ...] = ()
    verdicts: tuple[Json, ...] = ()

    def of_type(self, type_: str) -> list[Json]:
        """Return the resources of a type."""
        return [row for row in self.rows if row["type"] == type_]

    @property
    def cluster(self) -> Json:
        """The cluster's inputs."""
        return self.of_type(CLUSTER)[0]["inputs"]

    def pools(self) -> dict[str, Json]:
        """Return every pool's properties by its name: of the system pool those of its deployment."""
        [system] = [
            row["inputs"]["properties"]["template"]["resources"][0]
            for row in self.of_type(DEPLOYMENT)
            if "/agentPools" in str(row["inputs"]["properties"]["template"]["resources"][0]["type"])
        ]
        found: dict[str, Json] = {str(system["name"]).rpartition("/")[2]: dict(system["properties"])}
        for row in self.of_type(POOL):
            inputs: Json = dict(row["inputs"])
            name = str(inputs.pop("agentPoolName"))
            found[name] = {k: v for k, v in inputs.items() if k not in {"resourceGroupName", "resourceName"}}
        return found


def registered(folder: Path, stack: str, *, judged: bool) -> Registered:
    """Run the program of a folder for a stack file; with `judged` both packs look at it. Raises DryRunError."""
    words = ["preview", "--dry-run", "--json", "--stack", stack, "--cwd", str(folder)]
    ran = subprocess.run(
        [*_PYTHON, "-m", "emulator", *words, *([] if judged else ["--no-policies"])],
        capture_output=True,
        text=True,
        check=False,
    )
    try:
        report: Json = json.loads(ran.stdout)
    except ValueError:
        raise DryRunError(ran.stderr.strip() or "the dry run printed nothing") from None
    return from_report(report)


def from_report(report: Json) -> Registered:
    """Return what a report of the dry run says. Raises DryRunError for a program that did not get to its end."""
    rows: list[Any] = report.get("resources", [])
    errors = [str(error["message"]) for error in report.get("errors", ())]
    if not any(row["type"] == CLUSTER for row in rows):
        raise DryRunError("\n".join(errors) or "the program declared no cluster")
    return Registered(tuple(rows), tuple(report.get("policies", ())))
