"""The policy packs' place in a deployment: before each resource, and after all of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from emulator.properties.wire import to_struct

if TYPE_CHECKING:
    from emulator.dry_run.goals import Goal
    from emulator.dry_run.policies import Packs
    from emulator.dry_run.resource import Resource
    from emulator.dry_run.run import Run


class Gate:
    """Lets the packs mend and judge what is registered."""

    def __init__(self, run: Run, packs: Packs) -> None:
        """Take the run and its packs."""
        self._run, self._packs = run, packs

    def judge(self, goal: Goal) -> None:
        """Mend a resource's inputs and judge them. In an update a mandatory violation raises StopRun."""
        resource = goal.resource
        provider, options = self._provider(resource), goal.policy_options()
        for remediation in self._packs.remediate(resource, provider, options):
            resource.inputs = remediation.inputs
            self._run.events.remediation(resource.urn, remediation)
        before = self._packs.mandatory
        properties = to_struct(resource.inputs, internal=False)
        self._packs.analyze(self._packs.request(resource, provider, options, properties))
        if not self._run.dry_run:
            self._packs.settle()
            if self._packs.mandatory > before:
                raise self._run.stop(resource.urn, "a mandatory policy is violated: nothing is done to it")

    def judge_stack(self, goals: list[Goal], root: str) -> None:
        """Judge the whole stack, with outputs; what is about no resource in it stands at `root`."""
        resources = ((g.resource, self._provider(g.resource), g.policy_options()) for g in goals)
        self._packs.analyze_stack(resources, root)

    def _provider(self, resource: Resource) -> Resource | None:
        return self._run.providers.resource(resource.provider) if resource.provider else None
