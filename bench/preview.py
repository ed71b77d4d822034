"""`make preview` against the import of the provider SDKs, and growth with the number of teams.

The import is that of the SDK modules that hold the stack's resource types, which an ordinary program would import. (This
one registers some of them by type token to save their import.) The bare packages load their modules lazily.
"""

from __future__ import annotations

import sys
import tempfile
from typing import TYPE_CHECKING, Any

from ruamel.yaml import YAML

from bench.measure import ROOT, both_seconds, median, peak_mib, seconds

if TYPE_CHECKING:
    from pathlib import Path

RUNS = 5
LAZY = "import pulumi_azure_native, pulumi_kubernetes, pulumi_azuread"
USED = """
import pulumi_azuread as entra, pulumi_kubernetes as k8s
from pulumi_azure_native import authorization, containerservice, managedidentity, monitor, network, operationalinsights, resources
modules = (authorization.RoleAssignment, containerservice.ManagedCluster, managedidentity.UserAssignedIdentity,
    monitor.DiagnosticSetting, network.VirtualNetwork, operationalinsights.Workspace, resources.ResourceGroup,
    k8s.core.v1.Namespace, k8s.apps.v1.DaemonSet, k8s.rbac.v1.Role, k8s.networking.v1.NetworkPolicy,
    k8s.admissionregistration.v1.ValidatingAdmissionPolicy, k8s.helm.v4.Chart, entra.Group)
"""


def ratio() -> None:
    """Print what a warm preview of the shipped dev stack takes and what the imports alone take, run in turns."""
    rows = {
        "make preview (dev)": list[tuple[float, float]](),
        "import of the SDK modules of its types": list[tuple[float, float]](),
        "import of the three packages, modules lazy": list[tuple[float, float]](),
    }
    with tempfile.TemporaryDirectory() as state:
        for number in range(RUNS + 1):
            took = (
                both_seconds(["make", "-s", "preview"], {"SECURE_AKS_EMULATOR_DIR": state}),
                both_seconds([sys.executable, "-c", USED]),
                both_seconds([sys.executable, "-c", LAZY]),
            )
            if number:  # the first warms the caches
                for values, value in zip(rows.values(), took, strict=True):
                    values.append(value)
    medians = {
        what: (median([v[0] for v in values]), median([v[1] for v in values]))
        for what, values in rows.items()
    }
    wall, processor = medians["make preview (dev)"]
    print(f"median of {RUNS}:{'':33} wall s  processor s  preview / it: wall, processor")
    for what, (own_wall, own_processor) in medians.items():
        print(
            f"  {what:44}{own_wall:6.2f}{own_processor:13.2f}{wall / own_wall:21.2f}{processor / own_processor:11.2f}"
        )


def growth() -> None:
    """Print time and memory of a preview with 5, 50 and 500 teams."""
    for teams in (5, 50, 500):
        with tempfile.TemporaryDirectory() as state:
            stack = f"bench{teams}"
            path = ROOT / f"Pulumi.{stack}.yaml"
            try:
                _write(path, teams)
                took = seconds(
                    [sys.executable, "-m", "emulator", "preview", "--stack", stack, "--json"],
                    {"SECURE_AKS_EMULATOR_DIR": state},
                )
            finally:
                path.unlink(missing_ok=True)
        print(
            f"{teams:4} teams: {took:7.2f} s, {took / teams * 1000:8.1f} ms a team, peak {peak_mib():6.0f} MiB"
        )


def _write(path: Path, count: int) -> None:
    yaml: Any = YAML()  # carries no types
    data = yaml.load((ROOT / "Pulumi.dev.yaml").read_text(encoding="utf-8"))
    data["config"]["secure-aks:teams"] = [
        {
            "name": f"team-{number:03}",
            "groups": [
                {"name": f"team-{number:03}-developers", "role": "developer"},
                {"name": f"team-{number:03}-viewers", "role": "viewer"},
            ],
            "quota": {"cpu": "4", "memory": "16Gi", "pods": 20},
        }
        for number in range(count)
    ]
    with path.open("w", encoding="utf-8") as file:
        yaml.dump(data, file)


def run() -> None:
    """Run both."""
    ratio()
    growth()
