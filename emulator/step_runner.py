"""Carrying out steps: create, update, replace, delete, read, each recorded in the state before and after."""

from __future__ import annotations

import threading
from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING

from pulumi.automation.events import OpType

from emulator.errors import OperationError
from emulator.events import Step
from emulator.property_paths import covers
from emulator.provider_set import new_id
from emulator.providers.base import Diff, PartialError, ProviderError, diff_values
from emulator.state import timestamp
from emulator.urns import PROVIDER_PREFIX
from emulator.values import UNKNOWN, Secret, mark_secrets, reveal

if TYPE_CHECKING:
    from collections.abc import Generator

    from emulator.events import Events
    from emulator.goals import Goal
    from emulator.provider_set import ProviderSet
    from emulator.providers.base import Props, Provider
    from emulator.resource import Resource
    from emulator.state import State


class StopRun(OperationError):  # noqa: N818 - not an error of its own: what went wrong has been reported
    """The run cannot go on."""


class StepRunner:
    """Runs the steps of one deployment; `cancelled` may be set from another thread and stops it before the next step."""

    def __init__(self, state: State, providers: ProviderSet, events: Events, *, dry_run: bool) -> None:
        """Take the state as the last run left it."""
        self._state, self._providers, self._events, self._dry_run = state, providers, events, dry_run
        resources = state.resources()
        self._olds = {r.urn: r for r in resources if not r.delete}
        self._doomed = [r for r in resources if r.delete]
        self._deleted_first: dict[str, Resource] = {}
        self._seen: set[str] = set()
        self._order = {r.urn: i for i, r in enumerate(resources)}
        self._dependents: dict[str, list[Resource]] | None = None
        self.cancelled = threading.Event()
        self.failed = False

    @property
    def has_olds(self) -> bool:
        """Whether there is anything from an earlier run."""
        return bool(self._olds)

    def take_old(self, urn: str) -> Resource | None:
        """Return a resource of the last run and count it as asked for."""
        old = None if urn in self._seen else self._olds.get(urn)
        if old is not None:
            self._seen.add(urn)
        return old

    def check_cancelled(self) -> None:
        """Raise StopRun when the run was cancelled, or has failed already."""
        if self.cancelled.is_set():
            if not self.failed:
                self._events.diagnostic(
                    "error", "cancelled: what was done so far is kept, the next `up` goes on from there"
                )
            self.failed = True
            raise StopRun
        if self.failed and not self._dry_run:
            raise StopRun

    def stop(self, urn: str, message: str) -> StopRun:
        """Report an error and return what to raise."""
        self._events.diagnostic("error", message, urn)
        self.failed = True
        return StopRun(message)

    def component(self, step: Step) -> None:
        """Register a component."""
        self._events.before(step)
        self._keep_or_put(step)
        self._events.after(step)

    def provider(self, step: Step) -> None:
        """Register a provider resource and configure the provider behind it."""
        resource = step.resource
        resource.id = step.old.id if step.old else "" if self._dry_run else new_id()
        resource.outputs = dict(resource.inputs)
        self._events.before(step)
        try:
            self._providers.make(resource)
        except ProviderError as error:
            raise self.stop(resource.urn, str(error)) from None
        self._keep_or_put(step)
        self._events.after(step)

    def outputs(self, resource: Resource, last: Step) -> None:
        """Record the outputs that a component, or the stack, has registered."""
        if not self._dry_run:
            self._state.keep(resource)
        self._events.outputs(Step(last.op, resource, last.old, last.diff, last.logical))

    def read(self, step: Step, outputs: Props | None = None) -> None:
        """Read a resource that the stack does not manage, unless its `outputs` are known. Raises StopRun when there is none."""
        resource = step.resource
        self._events.before(step)
        if outputs is None:
            try:
                found = self._providers.find(resource.provider).read(resource.urn, resource.id, None)
            except ProviderError as error:
                raise self.stop(resource.urn, str(error)) from None
            if found is None:
                raise self.stop(resource.urn, f"there is no {resource.type} with the id {resource.id!r}")
            resource.id, _, outputs = found
        resource.outputs = outputs
        self._keep_or_put(step)
        self._events.after(step)

    def plan(self, goal: Goal, old: Resource | None, provider: Provider) -> Step:
        """Return the step that gets a resource from what it was to what it shall be."""
        new = goal.resource
        if new.urn in self._deleted_first:
            return Step(OpType.REPLACE, new, self._deleted_first[new.urn], Diff(changes=True))
        if old is None or old.external:
            return Step(OpType.CREATE, new)
        before, after = reveal(old.inputs), reveal(new.inputs)
        diff = provider.diff(new.urn, old.id, before, reveal(old.outputs), after, goal.ignore_changes)
        if diff.changes is None:
            diffs = diff_values(before, after)
            diff = Diff(bool(diffs), diffs, diff.replaces, diff.delete_before_replace)
        if not diff.changes:  # what did not become ready is tried again
            return Step(OpType.UPDATE if old.init_errors else OpType.SAME, new, old, diff)
        wanted = [path for path in diff.diffs if any(covers(p, path) for p in goal.replace_on_changes)]
        diff = Diff(
            diff.changes, diff.diffs, [*dict.fromkeys([*diff.replaces, *wanted])], diff.delete_before_replace
        )
        return Step(OpType.REPLACE if diff.replaces else OpType.UPDATE, new, old, diff)

    def run(self, step: Step, provider: Provider, goal: Goal) -> None:
        """Carry out a step of a managed resource. Raises ProviderError when it is refused."""
        new, old = step.resource, step.old
        self._events.before(step)
        if step.op is OpType.SAME and old is not None:
            new.id, new.outputs = old.id, old.outputs
            self._keep_or_put(step)
        elif step.op is OpType.CREATE or new.urn in self._deleted_first:
            self._create(new, provider)
        elif step.op is OpType.UPDATE and old is not None:
            self._update(new, old, provider)
        elif old is not None:
            self._replace(step, old, provider, goal)
        self._events.after(step)

    def delete_unseen(self) -> None:
        """Delete what waits for it and what was not asked for in this run, dependents first."""
        unseen = [
            r for urn, r in self._olds.items() if urn not in self._seen and urn not in self._deleted_first
        ]
        protected = [r for r in unseen if r.protect]
        for resource in protected:
            self._refuse_protected(resource, "deleted")
        if protected:
            return
        doomed = {r.urn for r in unseen}
        for resource in reversed(self._doomed):
            self._delete(resource, OpType.DELETE_REPLACED, doomed)
        for resource in reversed(unseen):
            self._delete(resource, OpType.DELETE, doomed)

    def refresh(self) -> None:
        """Read every managed resource and take over what its provider says of it now."""
        for old in self._olds.values():
            self.check_cancelled()
            if not old.custom or old.external or old.type.startswith(PROVIDER_PREFIX):
                continue
            self._restore_provider(old)
            self._refresh_one(old, self._providers.find(old.provider))

    def _refresh_one(self, old: Resource, provider: Provider) -> None:
        new = replace(old)
        try:
            found = provider.read(old.urn, old.id, reveal(old.inputs))
        except ProviderError as error:
            raise self.stop(old.urn, str(error)) from None
        if found is None:
            step = Step(OpType.DELETE, None, old)
        else:
            new.id, inputs, outputs = found
            new.inputs, new.outputs = mark_secrets(inputs, old.inputs), mark_secrets(outputs, old.outputs)
            diffs = diff_values(reveal(old.outputs), outputs)
            step = Step(OpType.UPDATE if diffs else OpType.SAME, new, old, Diff(bool(diffs), diffs))
        self._events.before(step)
        if not self._dry_run and found is None:
            self._state.drop(old)
        elif not self._dry_run:
            self._state.keep(new)
        self._events.after(step)

    def _create(self, new: Resource, provider: Provider, replaced: Resource | None = None) -> None:
        new.created = new.modified = timestamp()
        if not self._dry_run:
            self._state.begin("creating", new)
        with self._settling(new, replaced=replaced):
            new.id, outputs = provider.create(new.urn, reveal(new.inputs), preview=self._dry_run)
        new.outputs = _marked(outputs, new)
        if not self._dry_run:
            self._state.put(new, was=replaced.urn if replaced else "", replaced=replaced)

    def _update(self, new: Resource, old: Resource, provider: Provider) -> None:
        new.id, new.created, new.modified = old.id, old.created, timestamp()
        if not self._dry_run:
            self._state.begin("updating", old)
        with self._settling(new, was=old.urn):
            outputs = provider.update(
                new.urn,
                old.id,
                reveal(old.outputs),
                reveal(old.inputs),
                reveal(new.inputs),
                preview=self._dry_run,
            )
        new.outputs = _marked(outputs, new)
        if not self._dry_run:
            self._state.put(new, was=old.urn)

    def _replace(self, step: Step, old: Resource, provider: Provider, goal: Goal) -> None:
        new = step.resource
        if old.protect:
            self._refuse_protected(old, "replaced")
            raise StopRun
        first = goal.delete_before_replace
        if first is None:
            first = step.diff is not None and step.diff.delete_before_replace
        inner = Step(OpType.CREATE_REPLACEMENT, new, old, step.diff, logical=False)
        if first:
            self._delete_with_dependents(old)
            self._events.before(inner)
            self._create(new, provider)
        else:
            old.delete = True
            self._events.before(inner)
            self._create(new, provider, old)
            self._doomed.append(old)
        self._events.after(inner)

    def _delete_with_dependents(self, old: Resource) -> None:
        """Delete a resource before its replacement is made, and before it what would have to be replaced with it."""
        gone = {old.urn}
        queue = [old]
        for resource in queue:
            for dependent in self._depending_on(resource.urn):
                if dependent.urn not in gone and self._falls_with(dependent, gone):
                    gone.add(dependent.urn)
                    queue.append(dependent)
        for resource in sorted(queue[1:], key=lambda r: -self._order[r.urn]):
            if resource.protect:
                self._refuse_protected(resource, "replaced")
                raise StopRun
            self._delete(resource, OpType.DELETE_REPLACED, set())
            self._deleted_first[resource.urn] = resource
        self._delete(old, OpType.DELETE_REPLACED, set())

    def _depending_on(self, urn: str) -> list[Resource]:
        if self._dependents is None:
            self._dependents = {}
            for resource in self._olds.values():
                for needed in resource.depends_on():
                    self._dependents.setdefault(needed, []).append(resource)
        return [
            r
            for r in self._dependents.get(urn, [])
            if r.urn not in self._seen and r.custom and not r.external
        ]

    def _falls_with(self, resource: Resource, gone: set[str]) -> bool:
        """Say whether a resource must be replaced when those it takes properties from are."""
        if resource.type.startswith(PROVIDER_PREFIX):
            return False
        inputs = reveal(resource.inputs)
        changed = {
            k: UNKNOWN
            for k, urns in resource.property_dependencies.items()
            if k in inputs and gone & set(urns)
        }
        if not changed:
            return False
        self._restore_provider(resource)
        diff = self._providers.find(resource.provider).diff(
            resource.urn, resource.id, inputs, reveal(resource.outputs), {**inputs, **changed}, []
        )
        return bool(diff.replaces)

    def _delete(self, resource: Resource, op: OpType, doomed: set[str]) -> None:
        self.check_cancelled()
        step = Step(op, None, resource, logical=op is OpType.DELETE)
        self._events.before(step)
        if not self._dry_run:
            self._state.begin("deleting", resource)
            kept = resource.retain_on_delete or resource.external or resource.deleted_with in doomed
            if resource.custom and not resource.type.startswith(PROVIDER_PREFIX) and not kept:
                self._restore_provider(resource)
                provider = self._providers.find(resource.provider)
                try:
                    with self._settling(resource):
                        provider.delete(resource.urn, resource.id, reveal(resource.outputs))
                except ProviderError as error:
                    self._events.failed(step)
                    raise self.stop(resource.urn, str(error)) from None
            self._state.drop(resource)
        self._events.after(step)

    def _restore_provider(self, resource: Resource) -> None:
        """Have the provider of a resource at hand that this run did not register."""
        urn = resource.provider.rpartition("::")[0]
        if not self._providers.is_made(urn) and urn in self._olds:
            self._providers.restore(self._olds[urn])

    def _refuse_protected(self, resource: Resource, what: str) -> None:
        self._events.failed(Step(OpType.DELETE, None, resource))
        self.stop(
            resource.urn,
            f"it is protected and cannot be {what}. Set `protect=False` on it in the program and run `up` first.",
        )

    def _keep_or_put(self, step: Step) -> None:
        new, old = step.resource, step.old
        new.created = old.created if old else timestamp()
        new.modified = old.modified if old and step.op is OpType.SAME else timestamp()
        if not self._dry_run:
            self._state.keep(new, was=old.urn if old and old.urn != new.urn else "")

    @contextmanager
    def _settling(
        self, resource: Resource, *, was: str = "", replaced: Resource | None = None
    ) -> Generator[None]:
        """End a pending operation when it is refused: the service has answered. Whatever else happens leaves it on record."""
        try:
            yield
        except PartialError as error:
            resource.id, resource.outputs = error.id, _marked(error.outputs, resource)
            resource.init_errors = [str(error)]
            if not self._dry_run:
                self._state.put(resource, was=was or (replaced.urn if replaced else ""), replaced=replaced)
            raise
        except ProviderError:
            if not self._dry_run:
                self._state.settle(resource.urn)
            raise


def _marked(outputs: Props, resource: Resource) -> Props:
    """Return a provider's outputs with the secrets among them marked."""
    marked: Props = mark_secrets(outputs, resource.inputs)
    for name in resource.additional_secret_outputs:
        if name in marked and not isinstance(marked[name], Secret):
            marked[name] = Secret(marked[name])
    return marked
