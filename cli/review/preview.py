"""A stack's preview on the Pulumi CLI, judged by both packs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pulumi.automation import CommandError, LocalWorkspace, Stack, StackNotFoundError
from secure_aks_lifecycle.ending import there

from upgrades.engine.pulumi_cli import PulumiCli
from upgrades.errors.transient import complaint
from upgrades.observe.stacks import stack_file
from upgrades.session.session import PACKS

from .collect import Review
from .own_pools import OwnPools

if TYPE_CHECKING:
    from pathlib import Path

    from pulumi.automation import EngineEvent


def review(folder: Path, stack: str, *, drift: bool = False) -> Review:
    """Preview a stack of a project folder. With `drift` Azure and the cluster are read first, and nothing of that is kept.

    So drift is what differs between the program and what there is, whatever a `pulumi refresh` took over into the state before.
    Raises NoStackError and NoCliError.
    """
    stack_file(folder, stack)
    seen = Review(stack, drift=drift)
    workspace = LocalWorkspace(work_dir=str(folder), pulumi_command=PulumiCli())
    packs = [str(folder / pack) for pack in PACKS]
    pools = OwnPools()

    def take(event: EngineEvent) -> None:
        seen(event)
        pools(event)

    try:
        Stack.select(stack, workspace).preview(policy_packs=packs, on_event=take, refresh=drift)
    except StackNotFoundError:
        seen.failed = f"the backend has no stack {stack}; make it once: {there('pulumi')} stack init {stack}"
    except CommandError as error:
        seen.failed = complaint(error)
    if drift:
        pools.settle(seen)
    return seen
