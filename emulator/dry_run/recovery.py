"""After a run that was killed: find out what became of the operations that were under way."""

from __future__ import annotations

from typing import TYPE_CHECKING

from emulator.dry_run.resource import Resource
from emulator.errors import OperationError
from emulator.plugins.base import ProviderError
from emulator.properties.urns import PROVIDER_PREFIX
from emulator.properties.values import mark_secrets, reveal

if TYPE_CHECKING:
    from emulator.dry_run.events import Events
    from emulator.dry_run.provider_set import ProviderSet
    from emulator.dry_run.state import State
    from emulator.plugins.base import Props


def restore_providers(state: State, providers: ProviderSet) -> None:
    """Make the providers that the state's resources were made with."""
    for resource in state.resources():
        if resource.type.startswith(PROVIDER_PREFIX) and not resource.delete:
            providers.restore(resource)


def recover(state: State, providers: ProviderSet, events: Events) -> None:
    """Ask the providers about every pending operation and bring the state in line with what they answer."""
    if not state.pending:
        return
    restore_providers(state, providers)
    known = {r.urn: r for r in state.resources() if not r.delete}
    for operation in list(state.pending.values()):
        resource = Resource.from_json(operation["resource"])
        what = f"the last run was interrupted while {operation['type']} it"
        try:
            _settle(resource, known.get(resource.urn), state, providers, events, what)
        except (ProviderError, OperationError) as error:
            events.diagnostic("warning", f"{what}, and it cannot be read now: {error}", resource.urn)
            state.settle(resource.urn)


def _settle(  # noqa: PLR0913, PLR0917 - what there is to know about it
    resource: Resource,
    known: Resource | None,
    state: State,
    providers: ProviderSet,
    events: Events,
    what: str,
) -> None:
    if not resource.custom or resource.type.startswith(PROVIDER_PREFIX):
        state.settle(resource.urn)
        return
    provider = providers.find(resource.provider)
    id_ = resource.id or provider.locate(resource.urn, reveal(resource.inputs))
    if id_ is None:
        events.diagnostic("warning", f"{what}: if the service has it, delete it there", resource.urn)
        state.settle(resource.urn)
        return
    found = provider.read(resource.urn, id_, reveal(resource.inputs))
    if found is None:
        events.diagnostic("warning", f"{what}: it does not exist", resource.urn)
        if known is not None and known.id == id_:
            state.drop(known)
        state.settle(resource.urn)
        return
    events.diagnostic("warning", f"{what}: it exists and is taken over as it is", resource.urn)
    resource.id, inputs, outputs = found
    resource.inputs = mark_secrets(_inputs(resource, known, inputs), resource.inputs)
    resource.outputs = mark_secrets(outputs, resource.inputs)
    state.put(resource)


def _inputs(resource: Resource, known: Resource | None, read: Props) -> Props:
    """Return what the resource was asked for; of what a cut-off update was to change, what the service has.

    A service may tell of more than it was asked for, as AKS does of pools that are resources of their own; with
    `ignore_changes` that would be asked for ever after.
    """
    wanted, before = reveal(resource.inputs), reveal(known.inputs) if known else None
    if before is None:
        return wanted
    changed = {key for key in wanted.keys() | before.keys() if wanted.get(key) != before.get(key)}
    kept = {key: value for key, value in wanted.items() if key not in changed}
    return kept | {key: read[key] for key in changed if key in read}
