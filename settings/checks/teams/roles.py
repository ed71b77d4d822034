"""The roles of a team: known, and no way out of the namespace."""

import re
from collections.abc import Iterator

from settings.checks.finding import Finding
from settings.sections.teams import ROLE_PRESETS, PolicyRule, Team
from settings.words import did_you_mean, repeated

_ESCALATING = {"escalate", "bind", "impersonate"}
_VERBS = {"get", "list", "watch", "create", "update", "patch", "delete", "deletecollection"}
# Who changes these (or a subresource: a quota's status is what admission reads) changes the team's own limits.
# Network policies are so under any name: the engines have resources and groups of their own.
_LIMITS = {"roles", "rolebindings", "resourcequotas", "limitranges", "networkpolicies", "namespaces"}
_LIMITING = re.compile(
    r".*(networkpolic(y|ies)|networksets?|redirectpolicies|egressgatewaypolicies|egressnetworkpolicies|quotas)"
)
_LIMITING_GROUPS = (
    ".cilium.io", ".projectcalico.org", ".tigera.io", ".policy.networking.k8s.io", ".antrea.io", ".gatekeeper.sh", ".kyverno.io",
    ".wgpolicyk8s.io",
)  # fmt: skip
# These reach past the namespace's limits: as somebody else, onto any node, to addresses of other namespaces.
_WAYS_OUT = {
    "serviceaccounts/token": "whoever may request tokens acts as the namespace's accounts, and the audit log names no person",
    "bindings": "whoever binds pods to nodes passes the scheduler, taints and pools of other teams included",
    "pods/binding": "whoever binds pods to nodes passes the scheduler, taints and pools of other teams included",
    "endpoints": "whoever writes endpoints can send a Service's traffic to pods of other namespaces",
    "endpointslices": "whoever writes endpoints can send a Service's traffic to pods of other namespaces",
}
_READING = {"get", "list", "watch"}


def check(path: str, team: Team) -> Iterator[Finding]:
    """Yield roles nobody knows and custom roles that allow too much."""
    own = [(f"{path}.customRoles[{index}].name", role.name) for index, role in enumerate(team.custom_roles)]
    for place, name, first in repeated(own):
        yield Finding(place, f"the role {name!r} is taken by {first}", "give each role a name of its own")
    for place, name in own:
        if name in ROLE_PRESETS:
            yield Finding(place, f"{name!r} is one of the presets", "choose another name")
    known = {*ROLE_PRESETS, *(name for _, name in own)}
    for index, group in enumerate(team.groups):
        if group.role not in known:
            why = f"the team has no role {group.role!r}"
            yield Finding(f"{path}.groups[{index}].role", why, did_you_mean(group.role, known))
    for index, role in enumerate(team.custom_roles):
        for number, rule in enumerate(role.rules):
            yield from _rule(f"{path}.customRoles[{index}].rules[{number}]", rule)


def _rule(path: str, rule: PolicyRule) -> Iterator[Finding]:
    for key, values in (
        ("apiGroups", rule.api_groups),
        ("resources", rule.resources),
        ("verbs", rule.verbs),
    ):
        if any("*" in value for value in values):
            yield Finding(
                f"{path}.{key}", "a wildcard allows what nobody has thought of yet", "name each one"
            )
    for verb in rule.verbs:
        if verb in _ESCALATING:
            why = f"{verb} lets a member take rights that the role does not give"
            yield Finding(f"{path}.verbs", why, f"remove {verb}")
        elif verb not in _VERBS and verb != "*":
            yield Finding(
                f"{path}.verbs", f"there is no verb {verb!r} for such resources", did_you_mean(verb, _VERBS)
            )
    if not set(rule.verbs) - _READING:
        return
    for resource in rule.resources:
        if why := _why_not(resource, rule.api_groups):
            yield Finding(f"{path}.resources", why, f"remove {resource}, or allow get, list and watch only")


def _why_not(resource: str, groups: tuple[str, ...]) -> str | None:
    """Return why a team may not change a resource; None when it may."""
    plain = resource.partition("/")[0]
    limiting = [group for group in groups if group and f".{group}".endswith(_LIMITING_GROUPS)]
    if limiting:
        return f"who changes {resource} of {limiting[0]} changes the limits the team is kept in"
    if plain in _LIMITS or _LIMITING.fullmatch(plain):
        return f"who changes {resource} changes the limits the team is kept in"
    return _WAYS_OUT.get(resource)
