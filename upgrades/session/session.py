"""Puts a rollout's edges together: the stack, what it runs, what gates see, the journal."""

from __future__ import annotations

import time
from functools import cached_property
from typing import TYPE_CHECKING, Any, cast

from pulumi.automation import StackNotFoundError
from secure_aks_lifecycle.clock import now

from settings.cluster_names import further_of, stack_of
from upgrades.engine.process import EngineRecord
from upgrades.engine.stack import CheckedStack
from upgrades.files.digests import digests
from upgrades.gates import GATES, ignore
from upgrades.gates.judging import judged
from upgrades.observe.running import Running, read
from upgrades.observe.stacks import as_cluster, clusters_of_ours, settings_of, stack_file
from upgrades.rollout.edges import Edges

from . import looks
from .journals import Journals

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

    from settings import StackSettings
    from upgrades.check.values import Observed
    from upgrades.engine.interrupts import Interrupts
    from upgrades.gates.base import Result, When
    from upgrades.model.clusters import Cluster
    from upgrades.model.steps import Step
    from upgrades.model.view import View
    from upgrades.observe.azure.reader import Azure
    from upgrades.rollout.edges import Drained, Reporter

PACKS = ("policies/security", "policies/lifecycle")
IGNORE_FILE = "upgrade-ignore.yaml"


class Session:
    """One stack of a project folder, or one cluster of a stack that has several. What it asks for first, a CLI or Azure, it opens then."""

    def __init__(self, folder: Path, name: str) -> None:
        """Name the stack, or a further cluster of one as `stack/cluster`. Raises NoStackError when there is no such stack."""
        stack_file(folder, name)
        self.folder, self.name = folder, name
        self.stack_name, self.further = stack_of(name), further_of(name)
        self.kept = Journals(folder, name)

    @property
    def file(self) -> Path:
        """The stack file."""
        return stack_file(self.folder, self.name)

    @property
    def journal(self) -> Path:
        """The stack's journal on this machine."""
        return self.kept.rollout

    @property
    def holds(self) -> Path:
        """The versions that no plan of the stack takes again, on this machine."""
        return self.kept.holds

    @property
    def engine(self) -> EngineRecord:
        """Where the engine of the stack's last `up` is written down, whichever of its clusters that was for."""
        return EngineRecord(self.journal.with_name(f"{self.stack_name}.engine"))

    @cached_property
    def stack(self) -> CheckedStack:
        """The stack on the Pulumi CLI. Raises NoCliError."""
        return CheckedStack(
            self.folder, self.stack_name, [str(self.folder / pack) for pack in PACKS], self.engine
        )

    @cached_property
    def azure(self) -> Azure:
        """The stack's subscription. Raises CommandError, and ValueError for a stack that is not up."""
        from upgrades.observe.azure.reader import Azure  # noqa: PLC0415  # loads the Azure SDK
        from upgrades.observe.azure.values import resource_id  # noqa: PLC0415

        return Azure(resource_id(self.cluster_id())["subscriptions"], location=self._location())

    def settings(self) -> StackSettings:
        """Read the cluster's settings anew.

        Raises SettingsError, also for a cluster that the stack does not have and for versions that are not this stack's to move.
        """
        return settings_of(self.folder, self.name)

    def outputs(self) -> Mapping[str, Any]:
        """Return the stack's outputs, those about one cluster of this one; none when it is not up, or was never initialised."""
        try:
            found = self.stack.outputs()
        except StackNotFoundError:
            return {}
        if not self.further:
            return found
        own = cast("Mapping[str, Mapping[str, Any]]", found.get("clusters") or {}).get(self.further)
        return {**found, **own} if own else {}

    def others(self) -> list[Session]:
        """Return the sessions of the other clusters of this stack."""
        names = [name for name in clusters_of_ours(self.folder) if stack_of(name) == self.stack_name]
        return [self.beside(name) for name in names if name != self.name]

    def recorded_cluster(self) -> Cluster:
        """Return the cluster as the stack's own record says."""
        return as_cluster(self.name, self.settings(), self.outputs())

    def planned_cluster(self) -> Cluster:
        """Return the recorded cluster with what promotion and holds ask of a plan."""
        return looks.planned_cluster(self)

    def observed(self) -> Observed:
        """Return what runs, and what Azure offers next; where Azure cannot be asked, the stack's own record, and why."""
        return looks.observed(self)

    def view(self, pool: str = "") -> View:
        """Return what gates see now; the API server is asked about the pods of the pool that is about to be drained."""
        return looks.view(self, pool)

    def beside(self, name: str) -> Session:
        """Return the session of another stack of the project."""
        return Session(self.folder, name)

    @property
    def is_up(self) -> bool:
        """Whether the stack has been brought up: there is something to upgrade."""
        return "versions" in self.outputs()

    def cluster_id(self) -> str:
        """Return the Azure resource id of the stack's cluster; empty when it is not up."""
        return self._summary().get("id", "")

    def _summary(self) -> Mapping[str, str]:
        return cast("Mapping[str, str]", self.outputs().get("cluster") or {})

    def _location(self) -> str:
        """Return the region of the cluster, which tells the cloud; "" when the stack does not say."""
        return self._summary().get("location", "")

    def running(self) -> Running:
        """Ask Azure what runs now. Raises AzureError, CommandError, and ValueError for a stack that is not up."""
        return read(self.azure.whole_cluster(self.cluster_id())["properties"])

    def asks(self, what: str) -> Callable[[Step], None]:
        """Return what asks Azure itself for a step, one of `rollout.pool_calls`, which raises AzureError and ValueError."""

        def ask(step: Step) -> None:
            from upgrades.rollout import pool_calls  # noqa: PLC0415  # loads the Azure SDK

            getattr(pool_calls, what)(self.cluster_id(), step, location=self._location())

        return ask

    def drain(self, step: Step) -> Drained:
        """Cordon a step's pool and ask for the evictions that are due. Raises ClusterError."""
        return looks.drain(self, step)

    def free_cores(self, step: Step) -> Mapping[str, int]:
        """Return the quota for the pool that a step adds. Raises AzureError."""
        return looks.free_cores(self, step)

    def check(self, when: When, view: View, step: Step, before: View | None) -> Sequence[Result]:
        """Run the gates of one side, with the ignore file."""
        ignores = ignore.load(self.folder / IGNORE_FILE, view.at.date())
        found = judged(GATES, when, view, step, before)
        return [ignore.apply(result, ignores, view.at.date()) for result in found]

    def edges(self, reporter: Reporter, interrupts: Interrupts) -> Edges:
        """Return the edges of a rollout of this stack."""
        return Edges(
            stack=self.stack,
            stack_file=self.file,
            running=self.running,
            view=self.view,
            check=self.check,
            now=now,
            sleep=time.sleep,
            reporter=reporter,
            interrupts=interrupts,
            cancel=self.stack.cli.interrupt,
            files=lambda: digests(self.folder, self.file),
            state=self.stack.state,
            engine_works=self.engine.works,
            roll_back=self.asks("roll_back"),
            renew=self.asks("renew"),
            upgrade_whole=self.asks("upgrade_whole"),
            drain=self.drain,
            free_cores=self.free_cores,
        )
