"""Puts a rollout's edges together: the stack, what it runs, what gates see, the journal."""

from __future__ import annotations

import os
import time
from contextlib import suppress
from dataclasses import replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from pulumi.automation import CommandError, StackNotFoundError
from secure_aks_lifecycle.clock import now

from settings import SettingsError, load_file

from . import ignore, promotion
from .check.values import Observed
from .gates import GATES
from .holds import held, standing_in
from .lab import JOURNALS, bring_up, closed
from .observe.errors import AzureError
from .observe.stacks import NoStackError, as_cluster, stack_file, stacks
from .rollout.edges import Edges
from .rollout.files import digests
from .rollout.process import EngineRecord
from .rollout.stack import CheckedStack
from .running import Running, read
from .transient import complaint
from .windows import window

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from secure_aks_lifecycle.record import Versions

    from settings import StackSettings

    from .fleet import Cluster, Step
    from .gates.base import Result, When
    from .observe.azure import Azure
    from .rollout.edges import Reporter
    from .rollout.interrupts import Interrupts
    from .view import View

PACKS = ("policies/security", "policies/lifecycle")
IGNORE_FILE = "upgrade-ignore.yaml"


class Session:
    """One stack of a project folder. What it asks for first, a CLI or Azure, it opens then."""

    def __init__(self, folder: Path, name: str) -> None:
        """Name the stack. Raises NoStackError."""
        stack_file(folder, name)
        self.folder, self.name = folder, name

    @property
    def file(self) -> Path:
        """The stack file."""
        return stack_file(self.folder, self.name)

    @property
    def journal(self) -> Path:
        """The stack's journal."""
        folder = os.environ.get(JOURNALS)
        return (Path(folder) if folder else self.folder / ".upgrades") / f"{self.name}.jsonl"

    @property
    def holds(self) -> Path:
        """The versions that no plan of the stack takes again."""
        return self.journal.parent / "holds" / self.journal.name

    @property
    def engine(self) -> EngineRecord:
        """Where the engine of the stack's last `up` is written down."""
        return EngineRecord(self.journal.with_suffix(".engine"))

    def journals(self) -> list[Path]:
        """Return the journals that there are, the newest first."""
        aside = sorted(self.journal.parent.glob(f"{self.name}.*.jsonl"), reverse=True)
        return [path for path in (self.journal, *aside) if path.is_file()]

    @cached_property
    def stack(self) -> CheckedStack:
        """The stack on the Pulumi CLI. Raises NoCliError."""
        return CheckedStack(self.folder, self.name, [str(self.folder / pack) for pack in PACKS], self.engine)

    @cached_property
    def azure(self) -> Azure:
        """The stack's subscription. Raises CommandError, and ValueError for a stack that is not up."""
        from .observe.azure import Azure  # noqa: PLC0415  # loads the Azure SDK
        from .observe.azure_values import resource_id  # noqa: PLC0415

        return Azure(resource_id(self.cluster_id())["subscriptions"])

    def settings(self) -> StackSettings:
        """Read the stack file anew."""
        return load_file(self.file)

    def outputs(self) -> Mapping[str, Any]:
        """Return the stack's outputs; none when it is not up, or was never initialised."""
        try:
            return self.stack.outputs()
        except StackNotFoundError:
            return {}

    def recorded_cluster(self) -> Cluster:
        """Return the cluster as the stack's own record says."""
        return as_cluster(self.name, self.settings(), self.outputs())

    def planned_cluster(self) -> Cluster:
        """Return the recorded cluster with what promotion asks of a plan: what the stack it follows has run, and who follows it.

        Stacks of other projects and those that are not up count for nothing here; the gate and the pack judge them.
        """
        own = promotion.recorded(self.outputs())
        followers: list[tuple[int, Versions]] = []
        leader: Versions = {}
        for name in stacks(self.folder):
            if name != self.name:
                with suppress(SettingsError):
                    rule = load_file(stack_file(self.folder, name)).promotion
                    if rule and rule.follows == self.name:
                        followers.append((rule.soak_days, self._recorded_if_there(name)))
        rule = self.settings().promotion
        if rule and rule.follows in stacks(self.folder):
            leader = self._recorded_if_there(rule.follows)
        cluster = replace(self.recorded_cluster(), held=held(standing_in(self.holds)))
        return promotion.promoted(cluster, own, leader, followers, now())

    def observed(self) -> Observed:
        """Return what runs, and what Azure offers next, as Azure tells; where it cannot be asked, the stack's own record.

        `unread` says so then.
        """
        seen = Observed(self.planned_cluster(), f"stack {self.name}", self.file, is_up=self.is_up)
        if not seen.is_up:
            return replace(seen, unread=self._never_initialised())
        from .observe.azure import with_offers  # noqa: PLC0415  # loads the Azure SDK
        from .observe.azure_values import resource_id, shaped  # noqa: PLC0415

        recorded = promotion.recorded(self.outputs()).get(seen.cluster.name)
        try:
            arm = self.azure.whole_cluster(self.cluster_id())
            running = read(arm["properties"])
            cluster = shaped(running.applied_to(seen.cluster), arm)
        except (AzureError, ValueError) as error:
            return replace(seen, unread={"Azure (the stack's own record stands in)": str(error)})
        where = resource_id(self.cluster_id())
        seen = replace(
            seen,
            cluster=replace(
                cluster, subscription=where["subscriptions"], resource_group=where["resourcegroups"]
            ),
            operations=running.operations,
            images=running.images,
            arm=arm,
            recorded=recorded,
        )
        return with_offers(self.azure, self.cluster_id(), seen)

    def _never_initialised(self) -> dict[str, str]:
        """Tell apart a stack that is not up from one that Pulumi does not know: that may be the wrong backend."""
        try:
            self.stack.outputs()
        except StackNotFoundError as error:
            return {
                "the stack (its file stands in)": f"{complaint(error)}; or bring it up: {bring_up(self.name)}"
            }
        return {}

    def _leader(self, settings: StackSettings) -> promotion.Leader | None:
        """Return the stack that goes first. Raises NoStackError or CommandError when it cannot be read."""
        rule = settings.promotion
        if rule is None:
            return None
        systems = {pool.name: pool.os_type for pool in settings.all_pools}
        return promotion.Leader(rule.follows, self._recorded(rule.follows), rule.soak_days, systems)

    def _recorded(self, name: str) -> Versions:
        return promotion.recorded(Session(self.folder, name).stack.outputs())

    def _recorded_if_there(self, name: str) -> Versions:
        """Return nothing for a stack that has a file and that the CLI does not know: nobody ran `pulumi stack init`."""
        try:
            return self._recorded(name)
        except StackNotFoundError:
            return {}

    @property
    def is_up(self) -> bool:
        """Whether the stack has been brought up: there is something to upgrade."""
        return "versions" in self.outputs()

    def cluster_id(self) -> str:
        """Return the Azure resource id of the stack's cluster; empty when it is not up."""
        summary = cast("Mapping[str, str]", self.outputs().get("cluster") or {})
        return summary.get("id", "")

    def running(self) -> Running:
        """Ask Azure what runs now. Raises AzureError, CommandError, and ValueError for a stack that is not up."""
        return read(self.azure.whole_cluster(self.cluster_id())["properties"])

    def view(self, pool: str = "") -> View:
        """Return what gates see now; the API server is asked about the pods of the pool that is about to be drained."""
        from .observe.live import live_view  # noqa: PLC0415  # loads the Azure and Kubernetes clients

        settings, moment = self.settings(), now()
        is_open, opens = window(settings.maintenance, moment)
        seen = live_view(settings, self.stack.outputs(), self.azure, moment, pool, closed=closed(self.name))
        seen = replace(seen, window_open=is_open, next_window=opens, maintenance=settings.maintenance)
        try:
            leader = self._leader(settings)
        except (NoStackError, CommandError) as error:
            return replace(seen, unread={**seen.unread, "followed": complaint(error)})
        absent = {} if leader else {"followed": "the stack follows none"}
        return replace(seen, followed=leader, absent={**seen.absent, **absent})

    def roll_back(self, step: Step) -> None:
        """Let Azure take a pool back to where a step ends. Raises AzureError, ValueError."""
        from .rollout.pool_calls import roll_back  # noqa: PLC0415  # loads the Azure SDK

        roll_back(self.cluster_id(), step)

    def renew(self, step: Step) -> None:
        """Let Azure give a pool its newest node image. Raises AzureError, ValueError."""
        from .rollout.pool_calls import renew  # noqa: PLC0415  # loads the Azure SDK

        renew(self.cluster_id(), step)

    def check(self, when: When, view: View, step: Step, before: View | None) -> Sequence[Result]:
        """Run the gates of one side, with the ignore file."""
        ignores = ignore.load(self.folder / IGNORE_FILE)
        return [
            ignore.apply(gate.run(view, step, before), ignores, view.at.date())
            for gate in GATES
            if gate.when is when and gate.applies(step)
        ]

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
            engine_works=self.engine.works,
            roll_back=self.roll_back,
            renew=self.renew,
        )


def project_folder() -> Path:
    """Return the folder of Pulumi.yaml, here or above. Raises FileNotFoundError."""
    for folder in (Path.cwd(), *Path.cwd().parents):
        if (folder / "Pulumi.yaml").is_file():
            return folder
    raise FileNotFoundError(f"no Pulumi.yaml in {Path.cwd()} or above; go to the project's folder")
