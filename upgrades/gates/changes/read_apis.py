"""APIs that are only read and that the new minor removes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from secure_aks_lifecycle.versions.version import parse_minor

from upgrades.gates.base import Finding, Gate, Level

if TYPE_CHECKING:
    from collections.abc import Iterator

    from upgrades.model.steps import Step
    from upgrades.model.view import View


class ReadApis(Gate):
    """AKS lets an upgrade pass when a removed API is only read; whoever reads by it gets nothing afterwards."""

    code = "API002"
    title = "Nothing is read by an API that the new minor removes"
    level = Level.RECOMMENDED
    reads = ("deprecated",)

    def applies(self, step: Step) -> bool:
        """Only a control plane's new minor removes APIs."""
        return step.is_control_plane and step.before.minor != step.after.minor

    def check(self, view: View, step: Step, before: View | None) -> Iterator[Finding]:
        """See `Gate.check`."""
        for api in view.deprecated or ():
            if not api.written and parse_minor(api.removed_in) <= step.after.minor:
                yield Finding(
                    api.api,
                    f"is removed in {api.removed_in} and still read ({api.source})",
                    "move its callers to the API that replaces it, or leave them behind knowingly",
                )
