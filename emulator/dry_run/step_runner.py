"""Carrying out steps: create, update, replace, read, refresh; each is recorded in the state before and after."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from pulumi.automation.events import OpType

from emulator.dry_run.events import Step
from emulator.dry_run.provider_set import new_id
from emulator.dry_run.run import StopRun, marked
from emulator.dry_run.state import timestamp
from emulator.plugins.base import Diff, ProviderError, diff_values
from emulator.properties.paths import covers
from emulator.properties.urns import PROVIDER_PREFIX
from emulator.properties.values import mark_secrets, reveal

if TYPE_CHECKING:
    from emulator.dry_run.deletions import Deletions
    from emulator.dry_run.goals import Goal
    from emulator.dry_run.resource import Resource
    from emulator.dry_run.run import Run
    from emulator.plugins.base import Props, Provider


class StepRunner:
    """Runs the steps of one deployment."""

    def __init__(self, run: Run, deletions: Deletions) -> None:
        """Take the run and what is known of the last one."""
        self._run, self._deletions = run, deletions

    def component(self, step: Step) -> None:
        """Register a component."""
        self._run.events.before(step)
        self._keep_or_put(step)
        self._run.events.after(step)

    def provider(self, step: Step) -> None:
        """Register a provider resource and configure the provider behind it."""
        resource = step.resource
        resource.id = step.old.id if step.old else "" if self._run.dry_run else new_id()
        resource.outputs = dict(resource.inputs)
        self._run.events.before(step)
        try:
            self._run.providers.make(resource)
        except ProviderError as error:
            raise self._run.stop(resource.urn, str(error)) from None
        self._keep_or_put(step)
        self._run.events.after(step)

    def outputs(self, resource: Resource, last: Step) -> None:
        """Record the outputs that a component, or the stack, has registered."""
        if not self._run.dry_run:
            self._run.state.keep(resource)
        self._run.events.outputs(Step(last.op, resource, last.old, last.diff, last.logical))

    def read(self, step: Step, outputs: Props | None = None) -> None:
        """Read a resource that the stack does not manage, unless its `outputs` are known. Raises StopRun when there is none."""
        resource = step.resource
        self._run.events.before(step)
        if outputs is None:
            try:
                found = self._run.providers.find(resource.provider).read(resource.urn, resource.id, None)
            except ProviderError as error:
                raise self._run.stop(resource.urn, str(error)) from None
            if found is None:
                raise self._run.stop(resource.urn, f"there is no {resource.type} with the id {resource.id!r}")
            resource.id, _, outputs = found
        resource.outputs = outputs
        self._keep_or_put(step)
        self._run.events.after(step)

    def plan(self, goal: Goal, old: Resource | None, provider: Provider) -> Step:
        """Return the step that gets a resource from what it was to what it shall be."""
        new = goal.resource
        if new.urn in self._deletions.deleted_first:
            return Step(OpType.REPLACE, new, self._deletions.deleted_first[new.urn], Diff(changes=True))
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
        self._run.events.before(step)
        if step.op is OpType.SAME and old is not None:
            new.id, new.outputs = old.id, old.outputs
            self._keep_or_put(step)
        elif step.op is OpType.CREATE or new.urn in self._deletions.deleted_first:
            self._create(new, provider)
        elif step.op is OpType.UPDATE and old is not None:
            self._update(new, old, provider)
        elif old is not None:
            self._replace(step, old, provider, goal)
        self._run.events.after(step)

    def refresh(self) -> None:
        """Read every managed resource and take over what its provider says of it now."""
        for old in self._deletions.olds.values():
            self._run.check()
            if not old.custom or old.external or old.type.startswith(PROVIDER_PREFIX):
                step = Step(OpType.SAME, old, old)  # no provider has more to say of it
                self._run.events.before(step)
                self._run.events.after(step)
                continue
            self._deletions.restore_provider(old)
            self._refresh_one(old, self._run.providers.find(old.provider))

    def _refresh_one(self, old: Resource, provider: Provider) -> None:
        new = replace(old)
        try:
            found = provider.read(old.urn, old.id, reveal(old.inputs))
        except ProviderError as error:
            raise self._run.stop(old.urn, str(error)) from None
        if found is None:
            step = Step(OpType.DELETE, None, old)
        else:
            new.id, inputs, outputs = found
            new.inputs, new.outputs = mark_secrets(inputs, old.inputs), mark_secrets(outputs, old.outputs)
            diffs = diff_values(reveal(old.outputs), outputs)
            step = Step(OpType.UPDATE if diffs else OpType.SAME, new, old, Diff(bool(diffs), diffs))
        self._run.events.before(step)
        if not self._run.dry_run and found is None:
            self._run.state.drop(old)
        elif not self._run.dry_run:
            self._run.state.keep(new)
        self._run.events.after(step)

    def _create(self, new: Resource, provider: Provider, replaced: Resource | None = None) -> None:
        new.created = new.modified = timestamp()
        if not self._run.dry_run:
            self._run.state.begin("creating", new)
        with self._run.settling(new, replaced=replaced):
            new.id, outputs = provider.create(new.urn, reveal(new.inputs), preview=self._run.dry_run)
        new.outputs = marked(outputs, new)
        if not self._run.dry_run:
            self._run.state.put(new, was=replaced.urn if replaced else "", replaced=replaced)

    def _update(self, new: Resource, old: Resource, provider: Provider) -> None:
        new.id, new.created, new.modified = old.id, old.created, timestamp()
        if not self._run.dry_run:
            self._run.state.begin("updating", new)
        with self._run.settling(new, was=old.urn):
            outputs = provider.update(
                new.urn,
                old.id,
                reveal(old.outputs),
                reveal(old.inputs),
                reveal(new.inputs),
                preview=self._run.dry_run,
            )
        new.outputs = marked(outputs, new)
        if not self._run.dry_run:
            self._run.state.put(new, was=old.urn)

    def _replace(self, step: Step, old: Resource, provider: Provider, goal: Goal) -> None:
        new = step.resource
        if old.protect:
            self._deletions.refuse_protected(old, "replaced")
            raise StopRun
        first = goal.delete_before_replace
        if first is None:
            first = step.diff is not None and step.diff.delete_before_replace
        inner = Step(OpType.CREATE_REPLACEMENT, new, old, step.diff, logical=False)
        if first:
            self._deletions.delete_with_dependents(old)
            self._run.events.before(inner)
            self._create(new, provider)
        else:
            old.delete = True
            self._run.events.before(inner)
            self._create(new, provider, old)
            self._deletions.waiting.append(old)
        self._run.events.after(inner)

    def _keep_or_put(self, step: Step) -> None:
        new, old = step.resource, step.old
        new.created = old.created if old else timestamp()
        new.modified = old.modified if old and step.op is OpType.SAME else timestamp()
        if not self._run.dry_run:
            self._run.state.keep(new, was=old.urn if old and old.urn != new.urn else "")
