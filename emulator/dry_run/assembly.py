"""Putting a run together: state, providers, packs, events, deployment."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pulumi.runtime.proto.analyzer_pb2 import AnalyzerStackConfigureRequest

from emulator.dry_run.deployment import Deployment
from emulator.dry_run.events import Events
from emulator.dry_run.locks import held_elsewhere
from emulator.dry_run.policies import Packs
from emulator.dry_run.provider_set import ProviderSet
from emulator.dry_run.recovery import recover
from emulator.dry_run.state import State
from emulator.errors import OperationError
from emulator.plugins.registry import factories

if TYPE_CHECKING:
    from collections.abc import Callable

    from emulator.dry_run.events import Listener
    from emulator.dry_run.operation import Place
    from emulator.dry_run.pack_process import PackProcess
    from emulator.dry_run.policy_config import PolicySettings
    from emulator.dry_run.project import Config
    from emulator.plugins.base import Props


def assemble(  # noqa: PLR0913 - what a run consists of
    place: Place,
    config: Config,
    listeners: list[Listener],
    processes: list[PackProcess],
    pack_configs: list[dict[str, PolicySettings]],
    *,
    dry_run: bool,
) -> tuple[State, Deployment]:
    """Return a run's state, what an interrupted run left in it being settled, and its deployment."""
    stack, project = place.stack, place.project.name
    events = Events(listeners, planning=dry_run)
    makers = place.factories if place.factories is not None else factories(place.folder, place.cluster)
    providers = ProviderSet(makers, config, stack=stack, project=project)
    providers.report = lambda urn, message: events.diagnostic("info", message, urn)
    providers.warn = lambda message: events.diagnostic("warning", message)
    state = State(place.folder, stack, readonly=dry_run)
    if state.interrupted and (other := held_elsewhere(place.folder, stack)):  # only a preview gets this far
        events.diagnostic("warning", f"this is how far {other} has come; it goes on")
    else:
        if state.interrupted:
            events.diagnostic(
                "warning", "the last run on this stack was interrupted: what it had done is kept"
            )
        recover(state, providers, events)
    state.save()
    this = AnalyzerStackConfigureRequest(
        stack=stack,
        project=project,
        organization="organization",
        dry_run=dry_run,
        config=config.values,
        config_secret_keys=sorted(config.secret_keys),
    )
    return state, Deployment(
        stack=stack,
        project=project,
        state=state,
        providers=providers,
        packs=Packs(processes, pack_configs, events.violation, this),
        events=events,
        dry_run=dry_run,
        references=_references(place, state),
    )


def _references(place: Place, state: State) -> Callable[[str], Props]:
    """Return what answers StackReferences; the stack's own outputs are those of the last `up`, whatever this run does."""
    own = state.outputs() or {}
    stack, project = place.stack, place.project.name
    names = {stack, f"organization/{stack}", f"organization/{project}/{stack}"}
    return lambda name: own if name in names else _outputs_of(place, name)


def _outputs_of(place: Place, name: str) -> Props:
    """Return the outputs that a stack of this project had after its last `up`; `name` as StackReference takes it.

    Raises OperationError for a stack that there is not.
    """
    *scope, stack = name.split("/")
    if scope and scope[0] != "organization":
        raise OperationError(
            f"stack {name!r}: organization name must be 'organization' (or write only {stack!r})"
        )
    ours = len(scope) < 2 or scope[1] == place.project.name  # noqa: PLR2004 - organization and project
    outputs = State(place.folder, stack, readonly=True).outputs() if ours else None
    if outputs is None and not (ours and place.project.stack_file(stack).is_file()):
        raise OperationError(f"unknown stack {name!r}; stacks here: {', '.join(place.project.stacks())}")
    return outputs or {}
