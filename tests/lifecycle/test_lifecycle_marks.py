"""The removed APIs against the lifecycle marks that Kubernetes' own types carry, in the module the control plane is built of."""

from __future__ import annotations

import re
from typing import NamedTuple

import pytest
from secure_aks_lifecycle.facts.apis import OldApis

from emulator.control_plane.builder import kubernetes_version
from tests.go_modules import module_folder

REQUESTS = {"AdmissionReview", "APIGroupDiscovery", "DeploymentRollback", "Eviction", "Scale"}
"""Kinds that are sent and answered and never kept: no stack has them as resources."""
MARK = re.compile(
    r"func \(in \*(\w+)\) APILifecycle(Deprecated|Removed)\(\) \(major, minor int\) \{\s*return 1, (\d+)"
)
GROUP = re.compile(r'GroupName = "([^"]*)"')


class Mark(NamedTuple):
    """A kind of an API version with the minors from which it is deprecated and removed."""

    api: str
    kind: str
    deprecated: int
    removed: int


def marks() -> list[Mark]:
    found: list[Mark] = []
    for file in sorted(module_folder("k8s.io/api").rglob("zz_generated.prerelease-lifecycle.go")):
        group = GROUP.search((file.parent / "register.go").read_text(encoding="utf-8"))
        assert group, file
        api = f"{group[1]}/{file.parent.name}" if group[1] else file.parent.name
        minors = {
            (kind, what): int(minor) for kind, what, minor in MARK.findall(file.read_text(encoding="utf-8"))
        }
        found += [
            Mark(api, kind, minors.get((kind, "Deprecated"), minor), minor)
            for (kind, what), minor in minors.items()
            if what == "Removed" and not kind.endswith("List") and kind not in REQUESTS
        ]
    return found


@pytest.fixture(scope="module")
def known():
    return OldApis.load()


def test_every_mark_has_its_row(known, record_property):
    """What is planned may move with each release, and the data may be newer: only what has happened has to be equal."""
    here = int(kubernetes_version().split(".")[1])
    newest = max(here, known.newest_minor[1])
    due = [mark for mark in marks() if mark.deprecated <= newest]
    assert len(due) > 60
    wrong = []
    for mark in due:
        row = known.find(mark.api, mark.kind)
        if row is None or (mark.removed <= here and row.removed != (1, mark.removed)):
            wrong.append((mark, row and row.removed))
    assert wrong == []
    record_property("counted", f"{len(due)} lifecycle marks of Kubernetes {here} in the data on removed APIs")
