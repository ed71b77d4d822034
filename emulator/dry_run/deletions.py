"""What the last run left, and the deletion of what is not wanted any more: dependents first, protected ones never."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pulumi.automation.events import OpType

from emulator.dry_run.events import Step
from emulator.dry_run.run import StopRun
from emulator.plugins.base import ProviderError
from emulator.properties.urns import PROVIDER_PREFIX
from emulator.properties.values import UNKNOWN, reveal

if TYPE_CHECKING:
    from emulator.dry_run.resource import Resource
    from emulator.dry_run.run import Run


class Deletions:
    """Keeps count of what the program still asks for and deletes the rest."""

    def __init__(self, run: Run) -> None:
        """Take the state as the last run left it."""
        self._run = run
        resources = run.state.resources()
        self.olds = {r.urn: r for r in resources if not r.delete}
        self.waiting = [r for r in resources if r.delete]
        self.deleted_first: dict[str, Resource] = {}
        self._seen: set[str] = set()
        self._order = {r.urn: i for i, r in enumerate(resources)}
        self._dependents: dict[str, list[Resource]] | None = None

    def take_old(self, urn: str) -> Resource | None:
        """Return a resource of the last run and count it as asked for."""
        old = None if urn in self._seen else self.olds.get(urn)
        if old is not None:
            self._seen.add(urn)
        return old

    def delete_unseen(self) -> None:
        """Delete what waits for it and what was not asked for in this run."""
        unseen = [
            r for urn, r in self.olds.items() if urn not in self._seen and urn not in self.deleted_first
        ]
        protected = [r for r in unseen if r.protect]
        for resource in protected:
            self.refuse_protected(resource, "deleted")
        if protected:
            return
        doomed = {r.urn for r in unseen}
        for resource in reversed(self.waiting):
            self._delete(resource, OpType.DELETE_REPLACED, doomed)
        for resource in reversed(unseen):
            self._delete(resource, OpType.DISCARD if resource.external else OpType.DELETE, doomed)

    def delete_with_dependents(self, old: Resource) -> None:
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
                self.refuse_protected(resource, "replaced")
                raise StopRun
            self._delete(resource, OpType.DELETE_REPLACED, set())
            self.deleted_first[resource.urn] = resource
        self._delete(old, OpType.DELETE_REPLACED, set())

    def refuse_protected(self, resource: Resource, what: str) -> None:
        """Report that a protected resource stands in the way; `what` would have been done to it."""
        self._run.events.failed(Step(OpType.DELETE, None, resource))
        self._run.stop(
            resource.urn,
            f"it is protected and cannot be {what}. Set `protect=False` on it in the program and run `up` first.",
        )

    def restore_provider(self, resource: Resource) -> None:
        """Have the provider of a resource at hand that this run did not register."""
        urn = resource.provider.rpartition("::")[0]
        if not self._run.providers.is_made(urn) and urn in self.olds:
            self._run.providers.restore(self.olds[urn])

    def _depending_on(self, urn: str) -> list[Resource]:
        if self._dependents is None:
            self._dependents = {}
            for resource in self.olds.values():
                for needed in resource.depends_on():
                    self._dependents.setdefault(needed, []).append(resource)
        found = self._dependents.get(urn, [])
        return [r for r in found if r.urn not in self._seen and r.custom and not r.external]

    def _falls_with(self, resource: Resource, gone: set[str]) -> bool:
        """Say whether a resource must be replaced when those it takes properties from are."""
        if resource.type.startswith(PROVIDER_PREFIX):
            return False
        inputs = reveal(resource.inputs)
        taken = resource.property_dependencies.items()
        changed = {k: UNKNOWN for k, urns in taken if k in inputs and gone & set(urns)}
        if not changed:
            return False
        self.restore_provider(resource)
        diff = self._run.providers.find(resource.provider).diff(
            resource.urn, resource.id, inputs, reveal(resource.outputs), {**inputs, **changed}, []
        )
        return bool(diff.replaces)

    def _delete(self, resource: Resource, op: OpType, doomed: set[str]) -> None:
        run = self._run
        run.check()
        step = Step(op, None, resource, logical=op is not OpType.DELETE_REPLACED)
        run.events.before(step)
        if not run.dry_run:
            run.state.begin("deleting", resource)
            kept = resource.retain_on_delete or resource.external or resource.deleted_with in doomed
            if resource.custom and not resource.type.startswith(PROVIDER_PREFIX) and not kept:
                self._delete_for_real(resource, step)
            run.state.drop(resource)
        run.events.after(step)

    def _delete_for_real(self, resource: Resource, step: Step) -> None:
        self.restore_provider(resource)
        try:
            with self._run.settling(resource):
                self._run.providers.find(resource.provider).delete(
                    resource.urn, resource.id, reveal(resource.outputs)
                )
        except ProviderError as error:
            self._run.events.failed(step)
            raise self._run.stop(resource.urn, str(error)) from None
