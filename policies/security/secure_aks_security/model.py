"""The shapes of the rule files; docs/policies-security.md shows what each field is for."""

import re
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Literal


class Level(StrEnum):
    """What a violation does: nothing, a warning, a stop, or a repair before the check."""

    DISABLED = "disabled"
    ADVISORY = "advisory"
    MANDATORY = "mandatory"
    REMEDIATE = "remediate"


Severity = Literal["low", "medium", "high", "critical"]


@dataclass(frozen=True, eq=False)
class Parameter:
    """One thing a stack may set on a rule: a JSON schema with its default, readable as `variables.<name>`."""

    schema: dict[str, Any]
    default: Any
    description: str


@dataclass(frozen=True)
class Compliance:
    """A place in a published standard that a rule answers."""

    framework: str
    version: str = ""
    reference: str = ""
    specification: str = ""

    def __str__(self) -> str:
        return " ".join(
            part for part in (self.framework, self.version, self.specification, self.reference) if part
        )


@dataclass(frozen=True)
class Coverage:
    """The rules here that ask what a check of another rule set asks; `otherwise`: in what other way, and why."""

    rules: list[str]
    otherwise: str = ""


@dataclass(frozen=True)
class Right:
    """What a controller of the platform may be let do: in words, and the rules it is let off in its roles, bindings and pods."""

    says: str
    roles: tuple[str, ...] = ()
    bindings: tuple[str, ...] = ()
    pods: tuple[str, ...] = ()

    @property
    def rules(self) -> tuple[str, ...]:
        """All of those rules."""
        return (*self.roles, *self.bindings, *self.pods)


@dataclass(frozen=True)
class Variable:
    """A CEL expression that rules of one area share, readable as `variables.<name>`.

    `installed` is what is evaluated instead where every value is known, as on the API server: quicker, with the same verdicts.
    """

    name: str
    expression: str
    installed: str = ""


@dataclass(frozen=True)
class Most:
    """How large an object rules can be asked about; the area's variable `tooLarge` is true of one that is larger.

    The API server gives all policies together the time of one request: past it an object would be refused by no rule in
    particular, whatever their levels and exemptions. `over` are the variables whose readers the limit is for, `says` what
    it is in words.
    """

    over: tuple[str, ...]
    says: str


@dataclass(frozen=True, eq=False)
class Area:
    """A folder of rules about one sort of object.

    `types` are Pulumi type tokens without their version part, `kinds` Kubernetes kinds, `resources` what the
    admission side matches (Kubernetes `resourceRules`; none: the area cannot be checked at admission), `facts`
    what the rules read of the stack file (`stack_file/facts.py`), as `variables.<name>` like the variables themselves.
    At admission, `unchanged` is the CEL that is true for an update that leaves alone what the rules read, and
    `cluster_wide` says that Kubernetes and AKS bring such objects along themselves, and `of_aks` are the resources judged in
    the namespaces of AKS too, unless AKS writes them; `own_facts` says that Kubernetes writes such objects all the time, so
    that they must be judged without the parameters too. Of an object larger than `most` each
    rule that reads one of its variables says that it cannot be judged. `preview_groups` are the kinds' API groups where
    admission does not see them.
    """

    name: str
    title: str
    variables: tuple[Variable, ...]
    facts: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    types: tuple[str, ...] = ()
    resources: tuple[dict[str, Any], ...] = ()
    unchanged: str = ""
    cluster_wide: bool = False
    most: Most | None = None
    preview_groups: tuple[str, ...] = ()
    of_aks: tuple[str, ...] = ()
    own_facts: bool = False

    @property
    def groups(self) -> frozenset[str]:
        """The API groups of its kinds."""
        found = frozenset(group for rule in self.resources for group in rule["apiGroups"])
        return found or frozenset(self.preview_groups or ("",))


@dataclass(frozen=True, eq=False)
class Rule:
    """One rule. `expression` is CEL and true for what is allowed.

    With `over` ("containers as c") it is judged for every item of `variables.containers`, bound to `c`;
    without, once for the `object`. `message` is CEL too: a string about the item (or object) refused.
    `remediation` maps paths to the one right value (`engine/remediation.py`); empty when there is none.
    """

    id: str
    title: str
    area: Area
    level: Level
    severity: Severity
    fields: tuple[str, ...]
    allowed: tuple[str, ...]
    expression: str
    message: str
    why: str
    remedy: str
    link: str
    over: str = ""
    since: str = ""
    profile: str = ""
    compliance: tuple[Compliance, ...] = ()
    remediation: dict[str, Any] = field(default_factory=dict[str, Any])
    parameters: dict[str, Parameter] = field(default_factory=dict[str, Parameter])

    def holds_on(self, version: str) -> bool:
        """Tell whether the rule is about a cluster of this Kubernetes version; where that is not said, it is."""
        found = _MINOR.match(version)
        return not found or not self.since or _minor(self.since) <= (int(found[1]), int(found[2]))


_MINOR = re.compile(r"(\d+)\.(\d+)")


def _minor(version: str) -> tuple[int, int]:
    major, minor = version.split(".")[:2]
    return int(major), int(minor)
