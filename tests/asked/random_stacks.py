"""Random stacks that the settings take: sections of the stack files here, in any company, on clusters of any kind."""

from __future__ import annotations

import copy
import re
from datetime import date
from typing import Any

from hypothesis import HealthCheck
from hypothesis import strategies as st

from settings.checks.draft import Context
from settings.reading.assemble import assemble
from tests.asked.keys import FOLDER, config

TODAY = date(2026, 11, 23)
ANY_HEALTH = (
    HealthCheck.too_slow,
    HealthCheck.filter_too_much,
    HealthCheck.data_too_large,
    HealthCheck.large_base_example,
)
"""What hypothesis would call a fault of the drawing: a stack is large."""
_FILES = ("around", "features", "inside", "isolated", "machines")
_CLUSTER = {"name", "kubernetesVersion", "breakGlass", "deployers", "bootstrap", "apiServer", "inside"}
_NUMBERS = {
    "cluster.imageCleanerHours": st.integers(24, 2160),
    "cluster.loadBalancer": st.fixed_dictionaries(
        {}, optional={"addresses": st.integers(1, 100), "portsPerNode": st.integers(0, 500).map(lambda n: n * 8), "idleMinutes": st.integers(4, 120)}
    ),
    "cluster.networkPolicy": st.sampled_from(["cilium", "calico", "azure"]),
    "cluster.tier": st.sampled_from(["Free", "Standard", "Premium"]),
    "cluster.mesh": st.fixed_dictionaries(
        {"revisions": st.just(["asm-1-29"])}, optional={"ingressGateways": st.lists(st.sampled_from(["Internal", "External"]), unique=True)}
    ),
    "cluster.advancedNetworking": st.fixed_dictionaries({}, optional={"observability": st.booleans(), "policies": st.sampled_from(["FQDN", "L7"])}),
    "cluster.storage": st.dictionaries(st.sampled_from(["disks", "files", "blobs", "snapshots"]), st.booleans()),
    "systemPool.maxPods": st.integers(30, 250),
    "systemPool.linux": st.fixed_dictionaries({"sysctls": st.fixed_dictionaries({"vmSwappiness": st.integers(0, 100)})}),
    "systemPool.kubelet": st.fixed_dictionaries({}, optional={"logFiles": st.integers(2, 100), "mostProcesses": st.integers(64, 4_194_304)}),
    "audit.retentionDays": st.integers(30, 730),
}  # fmt: skip


def sections_of(values: dict[str, Any]) -> dict[str, Any]:
    """A config's sections, by their keys."""
    plain = {key.removeprefix("secure-aks:"): value for key, value in values.items()}
    plain.pop("azure-native:location", None)
    return plain


@st.composite
def stacks(draw: st.DrawFn) -> dict[str, Any]:
    """A config that the settings take: what they refuse of the drawn is taken out, until nothing is."""
    files = {name: sections_of(config(FOLDER / f"{name}.yaml")) for name in _FILES}
    base = copy.deepcopy(files[draw(st.sampled_from(_FILES))])
    cluster = {key: value for key, value in base["cluster"].items() if key in _CLUSTER or draw(st.booleans())}
    # What another file says of its cluster goes with this one's too, or the settings say why not.
    donor = files[draw(st.sampled_from(_FILES))]["cluster"]
    more = {
        key: value
        for key, value in donor.items()
        if key not in _CLUSTER | cluster.keys() and draw(st.booleans())
    }
    base["cluster"] = cluster | copy.deepcopy(more)
    base["pools"] = [pool for pool in base.get("pools", []) if draw(st.booleans())]
    for path, values in _NUMBERS.items():
        if draw(st.booleans()):
            section, _, key = path.partition(".")
            base.setdefault(section, {})[key] = draw(values)
    found: list[Any] = []
    for _ in range(20):
        found = assemble(copy.deepcopy(base), "westeurope", Context("dev", TODAY, frozenset({"dev"})))[1]
        if not found:
            return {"azure-native:location": "westeurope"} | {
                f"secure-aks:{key}": value for key, value in base.items()
            }
        before = copy.deepcopy(base)
        for finding in found:
            _take_out(base, finding.path.removeprefix("secure-aks:"))
        if base == before:  # it is a default that does not go with what is said elsewhere
            for finding in found:
                around = finding.path.removeprefix("secure-aks:").rpartition(".")[0]
                if "." in around:
                    _take_out(base, around)
        if base == before:
            base["pools"] = []
    raise AssertionError(f"the settings still refuse {found}")


def _take_out(sections: dict[str, Any], path: str) -> None:
    """Take the key that a finding is about away, or the one around it where it is not there."""
    parts = [int(part) if part.isdigit() else part for part in re.findall(r"[^.\[\]]+", path)]
    place: Any = sections
    for index, part in enumerate(parts):
        there = part in place if isinstance(place, dict) else isinstance(part, int) and part < len(place)
        inside = there and isinstance(place[part], (dict, list)) and index < len(parts) - 1
        if inside and index < 2:  # a section's key, or a pool
            place = place[part]
        else:
            if there:
                del place[part]
            return
