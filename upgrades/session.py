"""Puts a rollout's edges together: the stack, what it runs, what gates see, the journal."""

from __future__ import annotations

import time
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from pulumi.automation import CommandError, StackNotFoundError
from secure_aks_lifecycle.clock import now

from settings import SettingsError, load_file
from settings.subnets import plan as subnets

from . import ignore, promotion
from .rollout.edges import Edges
from .gates import GATES
from .observe import emulated
from .observe.stacks import NoStackError, as_cluster, stack_file, stacks
from .running import Running, running
from .transient import complaint
from .windows import window

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from secure_aks_lifecycle.record import Versions

    from settings import StackSettings

    from .rollout.edges import Reporter
    from .fleet import Cluster, Step
    from .gates.base import Result, When
    from .view import View

PACKS = ("policies/security", "policies/lifecycle")
IGNORE_FILE = "upgrade-ignore.yaml"


@dataclass(frozen=True, slots=True)
class Session:
    """One stack of a project folder, on the Pulumi CLI or emulated."""

    folder: Path
    name: str
    emulated: bool
    stack: Any

    @classmethod
    def open(cls, folder: Path, name: str, *, emulated: bool) -> Session:
        """Open a stack. Raises NoStackError, SettingsError, CommandError, FileNotFoundError (no Pulumi CLI)."""
        stack_file(folder, name)
        return cls(folder, name, emulated, _stack(folder, name, emulated=emulated))

    @property
    def file(self) -> Path:
        """The stack file."""
        return stack_file(self.folder, self.name)

    @property
    def journal(self) -> Path:
        """The stack's journal; a folder of its own for emulated rollouts."""
        return self.folder / ".upgrades" / ("emulated" if self.emulated else "") / f"{self.name}.jsonl"

    def journals(self) -> list[Path]:
        """Return the journals that there are, the newest first."""
        aside = sorted(self.journal.parent.glob(f"{self.name}.*.jsonl"), reverse=True)
        return [path for path in (self.journal, *aside) if path.is_file()]

    def settings(self) -> StackSettings:
        """Read the stack file anew."""
        return load_file(self.file)

    def cluster(self) -> Cluster:
        """Return what runs, as the stack's outputs say."""
        return as_cluster(self.name, self.settings(), self._outputs(self.stack))

    def planned_cluster(self) -> Cluster:
        """Return what runs, with what promotion asks of a plan: what the stack it follows has run, and who follows it.

        Stacks of other projects and those that are not up count for nothing here; the gate and the pack judge them.
        """
        own = promotion.recorded(self._outputs(self.stack))
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
        return promotion.promoted(self.cluster(), own, leader, followers, now())

    def _leader(self, settings: StackSettings) -> promotion.Leader | None:
        """Return the stack that goes first. Raises NoStackError or CommandError when it cannot be read."""
        rule = settings.promotion
        if rule is None:
            return None
        systems = {pool.name: pool.os_type for pool in settings.all_pools}
        return promotion.Leader(rule.follows, self._recorded(rule.follows), rule.soak_days, systems)

    def _recorded(self, name: str) -> Versions:
        stack_file(self.folder, name)
        return promotion.recorded(self._outputs(_stack(self.folder, name, emulated=self.emulated)))

    def _recorded_if_there(self, name: str) -> Versions:
        """Return nothing for a stack that has a file and that the CLI does not know: nobody ran `pulumi stack init`."""
        try:
            return self._recorded(name)
        except StackNotFoundError:
            return {}

    @staticmethod
    def _outputs(stack: Any) -> dict[str, Any]:
        return {name: output.value for name, output in stack.outputs().items()}

    @property
    def is_up(self) -> bool:
        """Whether the stack has been brought up: there is something to upgrade."""
        return "versions" in self.stack.outputs()

    def cluster_id(self) -> str:
        """Return the Azure resource id of the stack's cluster; empty when it is not up."""
        summary = cast("dict[str, str]", self._outputs(self.stack).get("cluster") or {})
        return summary.get("id", "")

    def running(self) -> Running:
        """Ask Azure, through the engine, what runs now."""
        return running(self.stack)

    def view(self) -> View:
        """Return what gates see now."""
        settings, moment = self.settings(), now()
        is_open, opens = window(settings.maintenance, moment)
        if self.emulated:
            actual = self.running()
            cluster = actual.applied_to(self.cluster())
            seen = emulated.view(cluster, subnets(settings), moment, self._kubeconfig())
            seen = replace(seen, operations=actual.operations)
        else:
            from .observe.live import live_view  # noqa: PLC0415  # loads the Azure and Kubernetes clients

            seen = live_view(settings, self.stack.outputs(), moment)
        seen = replace(seen, window_open=is_open, next_window=opens)
        try:
            leader = self._leader(settings)
        except (NoStackError, CommandError) as error:
            return replace(seen, unread={**seen.unread, "followed": complaint(error)})
        absent = {} if leader else {"followed": "the stack follows none"}
        return replace(seen, followed=leader, absent={**seen.absent, **absent})

    def _kubeconfig(self) -> Path | None:
        """Return the kubeconfig of an emulated stack's real control plane; None when it has none."""
        from emulator.control_plane.stack_cluster import StackCluster  # noqa: PLC0415  # only where it is asked for

        cluster = StackCluster(self.stack.state_dir, self.name)
        return cluster.kubeconfig if cluster.is_kept else None

    def check(self, when: When, view: View, step: Step, before: View | None) -> Sequence[Result]:
        """Run the gates of one side, with the ignore file."""
        ignores = ignore.load(self.folder / IGNORE_FILE)
        return [
            ignore.apply(gate.run(view, step, before), ignores, view.at.date())
            for gate in GATES
            if gate.when is when and gate.applies(step)
        ]

    def edges(self, reporter: Reporter, interrupted: Callable[[], bool]) -> Edges:
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
            interrupted=interrupted,
        )


def _stack(folder: Path, name: str, *, emulated: bool) -> Any:
    packs = [str(folder / pack) for pack in PACKS]
    if emulated:
        from emulator.dry_run.stack import EmulatedStack  # noqa: PLC0415  # only where it is asked for

        return EmulatedStack(name, folder, policy_packs=packs)
    from pulumi.automation import select_stack  # noqa: PLC0415  # starts the CLI

    return _WithPacks(select_stack(name, work_dir=str(folder)), packs)


class _WithPacks:
    """A stack whose previews and ups are always checked by the packs."""

    def __init__(self, stack: Any, packs: list[str]) -> None:
        self._stack, self._packs = stack, packs

    def preview(self, **options: Any) -> Any:
        return self._stack.preview(policy_packs=self._packs, **options)

    def up(self, **options: Any) -> Any:
        return self._stack.up(policy_packs=self._packs, **options)

    def preview_refresh(self, **options: Any) -> Any:
        return self._stack.preview_refresh(**options)

    def outputs(self) -> Any:
        return self._stack.outputs()


def project_folder() -> Path:
    """Return the folder of Pulumi.yaml, here or above. Raises FileNotFoundError."""
    for folder in (Path.cwd(), *Path.cwd().parents):
        if (folder / "Pulumi.yaml").is_file():
            return folder
    raise FileNotFoundError(f"no Pulumi.yaml in {Path.cwd()} or above; go to the project's folder")
