"""Teams: names, namespaces, groups, roles."""

from collections.abc import Iterator

from settings.checks.draft import Draft
from settings.checks.finding import Finding
from settings.checks.teams import roles
from settings.sections.groups import Group
from settings.sections.teams import Team
from settings.words import repeated

RESERVED = {
    "default",
    "gatekeeper-system",
    "kured",
    "security-profiles",
    "security-profiles-samples",
    "azure-arc",
    "calico-system",
    "tigera-operator",
    "flux-system",
    "dataprotection-microsoft",
    "app-routing-system",
}
RESERVED_PREFIXES = ("kube-", "secure-aks", "aks-")
"""How namespaces begin that belong to Kubernetes, to this project and to AKS."""


def check(draft: Draft) -> Iterator[Finding]:
    """Yield what is wrong with the teams and the groups of people."""
    yield from _twice(draft)
    yield from _roles(draft)
    for path, team in draft.teams.items():
        yield from _namespace(path, team)
        yield from roles.check(path, team)
    for path, group in _groups(draft):
        yield from _members(path, group)
    for name in draft.admission.namespaces if draft.admission and draft.complete else ():
        if name not in {*(team.namespace for team in draft.teams.values()), *draft.context.elsewhere}:
            why = f"no team has the namespace {name!r}"
            yield Finding(
                f"secure-aks:admission.namespaces.{name}", why, "name a team's namespace, or remove it"
            )


def _groups(draft: Draft) -> Iterator[tuple[str, Group]]:
    if draft.cluster:
        kinds = {
            "breakGlass": draft.cluster.break_glass,
            "deployers": draft.cluster.deployers,
            "readers": draft.cluster.readers,
        }
        for key, groups in kinds.items():
            yield from ((f"secure-aks:cluster.{key}[{index}]", group) for index, group in enumerate(groups))
    for path, team in draft.teams.items():
        for index, group in enumerate(team.groups):
            yield f"{path}.groups[{index}]", group


def _twice(draft: Draft) -> Iterator[Finding]:
    teams, groups = draft.teams.items(), list(_groups(draft))
    kinds = {
        "name": [(f"{path}.name", team.name) for path, team in teams],
        "namespace": [(f"{path}.namespace", team.namespace) for path, team in teams],
        "group": [(f"{path}.name", group.name) for path, group in groups],
        "object id": [(f"{path}.objectId", group.object_id) for path, group in groups if group.object_id],
    }
    names_twice = {path.removesuffix(".name") for path, _, _ in repeated(kinds["name"])}
    for kind, entries in kinds.items():
        for path, value, first in repeated(entries):
            # A team whose name is taken takes the namespace with it: one problem, not two.
            if kind == "namespace" and path.removesuffix(".namespace") in names_twice:
                continue
            remedy = (
                "give each group one place and one role"
                if kind in {"group", "object id"}
                else f"give each team a {kind} of its own"
            )
            yield Finding(path, f"the {kind} {value!r} is taken by {first}", remedy)


def _roles(draft: Draft) -> Iterator[Finding]:
    """Yield roles of two teams that are one resource to Pulumi: it knows a role by its namespace and name with a dash between."""
    roles = {
        (team.namespace, group.role, path) for path, team in draft.teams.items() for group in team.groups
    }
    first: dict[str, tuple[str, str, str]] = {}
    for namespace, role, path in sorted(roles):
        theirs, other, place = first.setdefault(f"{namespace}-{role}", (namespace, role, path))
        if theirs != namespace:
            key = "namespace" if "namespace" in draft.teams[path].model_fields_set else "name"
            why = (
                f"its role {role!r} would be {namespace}-{role} to Pulumi, and so would {other!r} of {place}"
            )
            yield Finding(
                f"{path}.{key}", why, "write another namespace, or give the custom role another name"
            )


def _namespace(path: str, team: Team) -> Iterator[Finding]:
    if team.namespace in RESERVED or team.namespace.startswith(RESERVED_PREFIXES):
        key = "namespace" if "namespace" in team.model_fields_set else "name"
        why = f"the namespace {team.namespace!r} belongs to Kubernetes, AKS or this project"
        yield Finding(f"{path}.{key}", why, "choose a name of the team's own")


def _members(path: str, group: Group) -> Iterator[Finding]:
    if group.object_id and group.members:
        why = "the group exists (objectId), and its members are kept where it was made"
        yield Finding(
            f"{path}.members", why, "remove `members`, or remove `objectId` to create the group here"
        )
    places = [(f"{path}.members[{index}]", member) for index, member in enumerate(group.members)]
    for place, member, _ in repeated(places):
        yield Finding(place, f"the member {member} is named twice", "name each member once")
