"""One rule of a Role, in Kubernetes' words."""

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, order=True)
class Rule:
    """These verbs on these resources (and subresources, as `pods/log`) of one API group ("" is the core group)."""

    api_group: str
    resources: tuple[str, ...]
    verbs: tuple[str, ...]
    resource_names: tuple[str, ...] = ()
    """Only the objects of these names; empty means all."""

    def as_policy_rule(self) -> dict[str, Any]:
        """Return the rule as a Role's manifest has it."""
        rule: dict[str, Any] = {
            "apiGroups": [self.api_group],
            "resources": list(self.resources),
            "verbs": list(self.verbs),
        }
        return rule | ({"resourceNames": list(self.resource_names)} if self.resource_names else {})
