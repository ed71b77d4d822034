"""What a rule does not hold for, in CEL, for the API server."""

from collections.abc import Sequence

from secure_aks_security.expressions import literal
from secure_aks_security.model import Rule
from secure_aks_security.stack_file.exemptions import Exemption, regex
from secure_aks_security.stack_file.platform import Allowance

# Who makes pods, ReplicaSets and Jobs for the workloads that own them. Anybody else could only claim to.
_CONTROLLERS = [
    "system:kube-controller-manager",
    *(
        f"system:serviceaccount:kube-system:{name}"
        for name in (
            "cronjob-controller",
            "daemon-set-controller",
            "deployment-controller",
            "job-controller",
            "replicaset-controller",
            "replication-controller",
            "statefulset-controller",
        )
    ),
]
# What a workload makes on the way to its pods, and what it adds to its own name.
_BETWEEN = {"Deployment": ("ReplicaSet", "-[a-z0-9]+"), "CronJob": ("Job", "-[0-9]+")}


def excuses(rule: Rule, exemptions: Sequence[Exemption], allowances: Sequence[Allowance]) -> list[str]:
    """Return the conditions of what a rule does not hold for: exemptions, and what the platform's controllers may do."""
    exempt = [condition(exemption) for exemption in exemptions if exemption.rule == rule.id]
    return [*exempt, *(allowance.condition for allowance in allowances if allowance.rule == rule.id)]


def condition(exemption: Exemption) -> str:
    """Return the CEL that is true for what the exemption covers: the named object, and what its controllers make."""
    kind = exemption.kind or _kind_of(exemption.type)
    here = [_fits("object.metadata.namespace", exemption.namespace)] if exemption.namespace else []
    named = [
        *([_fits("object.kind", kind)] if kind else []),
        *here,
        _fits("object.metadata.name", exemption.name),
    ]
    owned = [
        f"request.userInfo.username in {literal(_CONTROLLERS)}",
        *here,
        "has(object.metadata.ownerReferences)",
        f"object.metadata.ownerReferences.exists(o, has(o.controller) && o.controller && ({_owner(kind, exemption)}))",
    ]
    return f"({_all(named)}) || ({_all(owned)})"


def _owner(kind: str, exemption: Exemption) -> str:
    owners = [_all([*([_fits("o.kind", kind)] if kind else []), _fits("o.name", exemption.name)])]
    for workload, (between, suffix) in _BETWEEN.items():
        if not kind or kind == workload:
            name = f"^{regex(exemption.name)}{suffix}$"
            owners.append(f"o.kind == '{between}' && o.name.matches({literal(name)})")
    return " || ".join(f"({owner})" for owner in owners)


def _kind_of(token: str) -> str:
    return token.rpartition(":")[2]


def _fits(field: str, pattern: str) -> str:
    fits = f"{field}.matches({literal(f'^{regex(pattern)}$')})"
    if field == "object.kind" or field.startswith("o."):
        return fits
    return f"has({field}) && {fits}"


def _all(conditions: list[str]) -> str:
    return " && ".join(conditions)
