"""What a rule of the pack is."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from secure_aks_lifecycle.judging.context import Context
from secure_aks_lifecycle.judging.finding import Finding
from secure_aks_lifecycle.judging.resource import Resource

Level = Literal["advisory", "mandatory"]
Params = Mapping[str, Any]
ResourceCheck = Callable[[Resource, Context, Params], Iterable[Finding]]
StackCheck = Callable[[Sequence[Resource], Context, Params], Iterable[Finding]]


@dataclass(frozen=True, slots=True)
class Param:
    """A number or a switch a rule can be told; `setting` is the place in the stack file that gives its default."""

    type: Literal["integer", "boolean"]
    default: int | bool
    description: str
    setting: tuple[str, str] | None = None
    minimum: int | None = None
    maximum: int | None = None

    def fits(self, value: Any) -> bool:
        """Tell whether a value may be this parameter's."""
        if self.type == "boolean" or isinstance(value, bool):
            return self.type == "boolean" and isinstance(value, bool)
        in_reach = isinstance(value, int) and (self.minimum is None or self.minimum <= value)
        return in_reach and (self.maximum is None or value <= self.maximum)


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule: what it demands (`title`), `why`, and what to do about a violation (`remedy`).

    `applies` picks the resources by type token. A rule with a `stack_check` instead of a `check` judges them together,
    with their outputs, once everything is registered; so does a `check` that is `on_stack`, resource by resource.
    """

    id: str
    title: str
    level: Level
    why: str
    remedy: str
    applies: Callable[[str], bool] = field(default=lambda _type: False)
    check: ResourceCheck | None = None
    stack_check: StackCheck | None = None
    on_stack: bool = False
    params: Mapping[str, Param] = field(default_factory=dict[str, Param])
    severity: Literal["low", "medium", "high", "critical"] = "medium"
