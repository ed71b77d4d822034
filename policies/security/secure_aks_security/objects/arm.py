"""What an ARM template holds of AKS: in any case, nested, as children, by symbolic names."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, cast

from secure_aks_security.judging.values import is_unknown
from secure_aks_security.objects.arm_values import DEEPEST, Scope, lower, parsed, scope_of
from secure_aks_security.objects.unseen import ARM_TYPES
from secure_aks_security.shapes import items, mapping

CLUSTER = "microsoft.containerservice/managedclusters"
"""The type of a cluster, in lower case."""
ASSIGNMENT = "microsoft.authorization/roleassignments"
"""The type of a role assignment, in lower case."""
ROLE = "microsoft.authorization/roledefinitions"
"""The type of a role of one's own, in lower case."""
VAULT = "azure-native:dataprotection:BackupVault"
"""What azure-native calls a vault of backups."""
DEPLOYMENTS = {"microsoft.resources/deployments", "microsoft.resources/deploymentstacks"}
"""The types that hold a template, in lower case."""
TOKENS = {
    CLUSTER: "azure-native:containerservice:ManagedCluster",
    ASSIGNMENT: "azure-native:authorization:RoleAssignment",
    # What Privileged Identity Management gives, at once or for the asking.
    "microsoft.authorization/roleassignmentschedulerequests": "azure-native:authorization:RoleAssignment",
    "microsoft.authorization/roleeligibilityschedulerequests": "azure-native:authorization:RoleAssignment",
    ROLE: "azure-native:authorization:RoleDefinition",
    f"{CLUSTER}/agentpools": "azure-native:containerservice:AgentPool",
    f"{CLUSTER}/jwtauthenticators": "azure-native:containerservice:JWTAuthenticator",
    f"{CLUSTER}/maintenanceconfigurations": "azure-native:containerservice:MaintenanceConfiguration",
    f"{CLUSTER}/managednamespaces": "azure-native:containerservice:ManagedNamespace",
    f"{CLUSTER}/namespaces": "azure-native:containerservice:ManagedNamespace",
    f"{CLUSTER}/trustedaccessrolebindings": "azure-native:containerservice:TrustedAccessRoleBinding",
    "microsoft.dataprotection/backupvaults": VAULT,
    "microsoft.containerservice/fleets/managednamespaces": "azure-native:containerservice:ManagedNamespace",
}
"""What azure-native calls the types that rules are about, by those in lower case."""
_UNDER = "/providers/"
_AKS = "microsoft.containerservice/"


@dataclass(frozen=True)
class Found:
    """A cluster or what belongs to one: its type in lower case, its name, its body and where it stands; or what is not seen."""

    type: str
    name: str
    body: Mapping[str, Any]
    place: str
    unseen: str = ""


def in_template(holder: Mapping[str, Any], place: str, depth: int = 0) -> Iterator[Found]:
    """Yield the clusters and pools of a deployment's properties."""
    said = lower(holder)
    template = parsed(said.get("template"))
    where = f"{place}.template" if place else "template"
    if template is None:
        if "templatelink" in said:
            yield Found("", "", {}, where, "what the template it links to holds")
        return
    if not isinstance(template, dict):
        yield Found("", "", {}, where, "what the template holds, which is not known yet,")
        return
    if depth > DEEPEST:
        yield Found("", "", {}, where, "what templates in templates hold")
        return
    parts = lower(mapping(cast("object", template)))
    yield from _resources(
        parts.get("resources"), f"{where}.resources", ("", ""), scope_of(said, parts), depth
    )


def _resources(given: Any, place: str, parent: tuple[str, str], scope: Scope, depth: int) -> Iterator[Found]:
    """Yield what a list, or an object of symbolic names, of resources holds; `parent` is a type and a name."""
    if isinstance(given, dict):
        entries = [(f"{place}.{name}", item) for name, item in mapping(cast("object", given)).items()]
    elif isinstance(given, list):
        entries = [(f"{place}[{index}]", item) for index, item in enumerate(items(cast("object", given)))]
    else:
        if given is not None:
            yield Found("", "", {}, place, "what the template's resources are, which is not known yet,")
        return
    for where, item in entries:
        yield from _resource(item, where, parent, scope, depth)


def _resource(item: Any, place: str, parent: tuple[str, str], scope: Scope, depth: int) -> Iterator[Found]:
    said = lower(mapping(item))
    if not said:
        if is_unknown(item):
            yield Found("", "", {}, place, "a resource of the template, which is not known yet,")
        return
    if scope.read(said.get("condition", True), place) is False:
        return
    kind, name = (
        scope.read(said.get("type", ""), f"{place}.type"),
        scope.read(said.get("name", ""), f"{place}.name"),
    )
    if not isinstance(kind, str) or is_unknown(kind):
        yield Found("", "", {}, place, f"a resource of the template, whose type is {said.get('type')!s},")
        return
    kind, name = kind.lower().partition("@")[0], str(name)
    if not {"import", "extension"}.isdisjoint(said) and not kind.startswith("microsoft."):
        # As Bicep's extension for Kubernetes makes them; the one for Entra has types of Microsoft's.
        yield Found("", "", {}, place, "what an extension of the template makes, in the cluster too,")
        return
    if parent[0] and (
        "/" not in kind or kind.startswith(_UNDER[1:])
    ):  # as agentPools, or providers/roleAssignments
        kind, name = f"{parent[0]}/{kind}", f"{parent[1]}/{name}"
    if kind in DEPLOYMENTS:
        given = said.get("properties")
        given = scope.read(given, f"{place}.properties") if isinstance(given, str) else given
        if is_unknown(given):
            yield Found("", "", {}, place, "what the deployment holds, which is not known yet,")
            return
        inner = lower(mapping(given))
        own = lower(mapping(inner.get("expressionevaluationoptions"))).get("scope")
        yield from _nested(inner, f"{place}.properties", scope, depth, inside=str(own).lower() == "inner")
    elif said.get("existing") is not True:
        body = {key: value for key, value in said.items() if key != "resources"}
        yield from of_type(kind, name, lambda: mapping(scope.read(body, place)), place)
    yield from _resources(said.get("resources"), f"{place}.resources", (kind, name), scope, depth)


def is_about(kind: str) -> bool:
    """Tell whether rules are about a type in lower case, or cannot see what it holds."""
    return kind.startswith(_AKS) or kind in TOKENS or kind in ARM_TYPES or kind in DEPLOYMENTS


def of_type(kind: str, name: str, body: Any, place: str) -> Iterator[Found]:
    """Yield a resource of a type in lower case, of which `body` returns the rest, where rules are about it or cannot see it.

    One that another is the scope of may have that one's type before its own, which stands after the word providers.
    """
    under, _, own = kind.rpartition(_UNDER)
    kind = own or kind
    if under and "/" not in kind:
        kind = f"{_PROVIDERS.get(kind, '')}/{kind}"
    if kind in TOKENS:
        said = body()
        if under and kind == ASSIGNMENT:
            said = {**said, "scope": f"/subscriptions/-/resourceGroups/-/providers/{under}/-"}
        yield Found(kind, name, said, place)
    elif kind in ARM_TYPES:
        yield Found("", "", {}, place, ARM_TYPES[kind])


_PROVIDERS = {
    "roleassignments": "microsoft.authorization",
    "extensions": "microsoft.kubernetesconfiguration",
    "fluxconfigurations": "microsoft.kubernetesconfiguration",
}


def _nested(
    inner: Mapping[str, Any], place: str, scope: Scope, depth: int, *, inside: bool
) -> Iterator[Found]:
    """Yield what a deployment in a template holds; its expressions are the outer template's unless it says `inner`."""
    passed = {**inner, "parameters": scope.read(parsed(inner.get("parameters", {})), f"{place}.parameters")}
    template = parsed(inner.get("template"))
    passed["template"] = template if inside else scope.read(template, f"{place}.template")
    yield from in_template(passed, place, depth + 1)
