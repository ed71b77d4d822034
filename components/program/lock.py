"""A lock of Azure's on the cluster, and what cannot be taken away while it is there."""

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import pulumi

from settings.sections.groups import Group
from settings.sections.stack import StackSettings

from ..parts.earlier import FurtherCluster, earlier, further_cluster
from ..parts.ordering import last_of
from ..parts.token_resource import TokenResource
from .refused import refuse

_NOTES = "Set by secure-aks:cluster.lock: nobody deletes the cluster, or what belongs to it, before that line says so."
_BELOW = {
    "azure-native:containerservice:AgentPool": "the pool",
    "azure-native:containerservice:MaintenanceConfiguration": "the window",
    "azure-native:containerservice:TrustedAccessRoleBinding": "the trusted access",
    "azure-native:kubernetesconfiguration:Extension": "the extension",
    "azure-native:kubernetesconfiguration:FluxConfiguration": "the Flux configuration",
    "azure-native:monitor:DataCollectionRuleAssociation": "the collection of",
    "azure-native:monitor:DiagnosticSetting": "the diagnostic setting",
}
"""What this program makes below a cluster in Azure, in words; roles are at what they say themselves."""
_ROLE = "azure-native:authorization:RoleAssignment"
_TO_LOG_IN = "-cluster-user"
"""How the name of a group's role ends by which it fetches the kubeconfig."""


def lock(
    stack: StackSettings,
    cluster_id: pulumi.Input[str],
    found: list[pulumi.Resource],
    own: Iterable[pulumi.Resource],
    opts: pulumi.ResourceOptions | None = None,
) -> None:
    """Keep the cluster, and what lies below it in Azure, from being deleted by anybody; nothing where nobody asks for it.

    It comes after all that is `found`, so a `destroy` takes it away before what it holds; `own` are the cluster's.
    Source: Azure documentation, "Lock your resources to protect your infrastructure". Raises RunError.
    """
    if not stack.cluster.lock:
        return
    further = opts.parent if opts and isinstance(opts.parent, FurtherCluster) else None
    _refuse(stack, sorted(gone(stack, earlier(), own, further)))
    properties = {
        "scope": cluster_id,
        "lockName": "secure-aks",
        "level": "CanNotDelete",
        "notes": _NOTES,
    }
    last = pulumi.ResourceOptions.merge(opts, last_of(found, protect=False))
    TokenResource("azure-native:authorization:ManagementLockByScope", "lock", properties, last)


def gone(
    stack: StackSettings,
    state: Mapping[str, Any],
    own: Iterable[pulumi.Resource],
    further: FurtherCluster | None = None,
) -> Iterator[str]:
    """Yield, in words, what a state has below the cluster in Azure and the program has no more, or has under another name there.

    That is compared by types and logical names: what stood below another component is the same.
    """
    now = {(one.pulumi_resource_type, one.pulumi_resource_name) for one in own}
    cluster = re.compile(rf"/managedclusters/{re.escape(stack.cluster.name)}(/|$)", re.IGNORECASE)
    # A role of another group is another one to Azure: the old one would be deleted.
    ids = {f"{group.name}{_TO_LOG_IN}": group.object_id for group in _groups(stack) if group.object_id}
    which = further.pulumi_resource_type if further else None
    for urn, outputs in state.items():
        types, name = urn.split("::", 3)[2:]
        kind = types.rpartition("$")[2]
        if further_cluster(urn) != which:
            continue
        is_role = kind == _ROLE and cluster.search(str(outputs.get("scope")))
        if (kind in _BELOW or is_role) and (kind, name) not in now:
            yield _role(name) if is_role else f"{_BELOW[kind]} {name}"
        elif is_role and outputs.get("principalId") not in {None, ids.get(name, outputs.get("principalId"))}:
            yield f"{_role(name)} with its old objectId"
        called, renamed = outputs.get("name"), stack.audit.diagnostic_setting
        if kind.endswith(":DiagnosticSetting") and called and called != renamed:
            yield f"the diagnostic setting called {called} (audit.diagnosticSetting)"


def _groups(stack: StackSettings) -> Iterator[Group]:
    yield from (*stack.cluster.deployers, *stack.cluster.readers)
    for team in stack.teams:
        yield from team.groups


def _role(name: str) -> str:
    return f"the group {name.removesuffix(_TO_LOG_IN)}" if name.endswith(_TO_LOG_IN) else f"the role {name}"


def _refuse(stack: StackSettings, what: list[str]) -> None:
    """Refuse to take away below the lock what Azure would not let go."""
    if not what:
        return
    told = (
        f"{stack.key('cluster.lock')}\n    why:  {', '.join(what)} would go, and Azure deletes nothing of a cluster that is locked"
        "\n    mend: write `lock: false`, run `up`, and put the line back: the lock goes before what it holds"
    )
    refuse(told)
