"""What a check sees of a cluster and what it finds, as plain values."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from upgrades.gates.base import Verdict

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date
    from pathlib import Path

    from secure_aks_lifecycle.stack.record import ClusterState
    from secure_aks_lifecycle.versions.support import Support
    from secure_aks_lifecycle.versions.version import Version

    from upgrades.gates.base import Result
    from upgrades.model.clusters import Cluster
    from upgrades.model.steps import Blocker, Step


class Severity(StrEnum):
    """How much a finding matters, in SARIF's words."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


@dataclass(frozen=True, slots=True)
class Rule:
    """A kind of finding: its id, what it means, and how much it matters."""

    id: str
    title: str
    severity: Severity


ENDED = Rule("UPG001", "Out of support", Severity.ERROR)
ENDING = Rule("UPG002", "Support ends soon", Severity.ERROR)
UNTOLD = Rule("UPG003", "Could not be told", Severity.WARNING)
NEWER_PATCH = Rule("UPG004", "A newer patch is out", Severity.NOTE)
NEWER_IMAGE = Rule("UPG005", "A newer node image is out", Severity.NOTE)
NOT_READY = Rule("UPG006", "Not ready for the next step", Severity.WARNING)
ROLLED_BACK = Rule("UPG007", "Rolled back outside", Severity.WARNING)
HELD_BACK = Rule("UPG008", "A version is held back", Severity.NOTE)
SWITCHED_OFF = Rule("UPG009", "Rules of the packs are switched off", Severity.WARNING)
RULES = (ENDED, ENDING, UNTOLD, NEWER_PATCH, NEWER_IMAGE, NOT_READY, ROLLED_BACK, HELD_BACK, SWITCHED_OFF)

CATALOG_DAYS = 180
"""Days after which a version catalog tells too little: a minor comes about every four months, and takes another's support."""


@dataclass(frozen=True, slots=True)
class Observed:
    """A cluster as it was seen.

    `where` says from what: a stack's name or an Azure resource id; `file` is the stack's file, `location` the region, where it is told. Node images are by pool.
    `offered` are the versions that Azure takes next, by target (the control plane or a pool); a target that is missing
    was not asked for. `unread` says why, under the name of what is missing. `is_up` is false for a stack that was never
    brought up: its cluster is then what the stack file says. `arm` is the cluster as Azure Resource Manager wrote it, where it
    was asked. `recorded` is what the stack recorded of this cluster (None: no stack was asked).
    """

    cluster: Cluster
    where: str
    file: Path | None = None
    location: str = ""
    images: Mapping[str, str] = field(default_factory=dict[str, str])
    newest_images: Mapping[str, str] = field(default_factory=dict[str, str])
    offered: Mapping[str, frozenset[Version]] = field(default_factory=dict[str, "frozenset[Version]"])
    operations: tuple[str, ...] = ()
    unread: Mapping[str, str] = field(default_factory=dict[str, str])
    is_up: bool = True
    arm: Mapping[str, Any] = field(default_factory=dict[str, "Any"])
    recorded: ClusterState | None = None


@dataclass(frozen=True, slots=True)
class Unseen:
    """A cluster or stack of which nothing could be read, and why."""

    name: str
    where: str
    why: str
    file: Path | None = None


@dataclass(frozen=True, slots=True)
class Line:
    """One control plane or pool: what it runs, its support, the newest patch of its minor, its node images."""

    target: str
    version: Version
    support: Support
    newest: Version | None = None
    image: str = ""
    newest_image: str = ""


@dataclass(frozen=True, slots=True)
class Finding:
    """Something to act on: the rule, the control plane or pool (empty: the cluster), what is so, and what to do.

    `path` is where the stack file says so; empty: at the target's version.
    """

    rule: Rule
    target: str
    message: str
    remedy: str
    path: str = ""


@dataclass(frozen=True, slots=True)
class Report:
    """How one cluster stands. `step` is the next legal step, None when there is none or `blockers` are in the way.

    `gates` are the results of the gates before that step; None when the cluster could not be looked into.
    """

    observed: Observed
    lines: tuple[Line, ...]
    findings: tuple[Finding, ...]
    step: Step | None = None
    blockers: tuple[Blocker, ...] = ()
    gates: tuple[Result, ...] | None = None

    @property
    def azure_alone(self) -> bool:
        """Tell whether nobody looked inside: of a cluster that no stack has, some gates have nothing to check once somebody does."""
        return self.observed.file is None and all(
            result.verdict is not Verdict.ABSENT for result in self.gates or ()
        )

    @property
    def ready(self) -> bool | None:
        """Tell whether the gates let the next step through; None: there is none, or a gate that it needs is unknown or was not asked."""
        if self.step is None or self.gates is None:
            return None
        stopping = {result.verdict for result in self.gates if result.stops}
        if Verdict.FAIL in stopping:
            return False
        return None if stopping or self.azure_alone else True


@dataclass(frozen=True, slots=True)
class Check:
    """A whole check: the day, within how many days an end of support counts, the catalog's date, what was found."""

    on: date
    within: int
    catalog: date
    reports: Sequence[Report]
    unseen: Sequence[Unseen] = ()

    @property
    def exit_code(self) -> int:
        """1: something is out of support or will be within the days given. 2: something could not be told. 0: neither."""
        found = {finding.rule for report in self.reports for finding in report.findings}
        if found & {ENDED, ENDING}:
            return 1
        return 2 if self.unseen or UNTOLD in found else 0
