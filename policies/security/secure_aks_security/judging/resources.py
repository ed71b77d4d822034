"""What the engine sends, as the rules see it, and which area judges it; `objects/` has what is inside."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from typing import Any

from secure_aks_security.judging.values import is_unknown
from secure_aks_security.model import Area
from secure_aks_security.shapes import mapping

_TEMPLATES = {"Pod": "spec", "PodTemplate": "template.spec", "CronJob": "spec.jobTemplate.spec.template.spec"}
_VERSION_PART = re.compile(r"/v\d{8}[a-z0-9]*(?=:)|/v\d+[a-z0-9]*(?=:)")
# What `pulumi package add azure-native <module> <version>` calls a package.
_LOCAL_PACKAGE = re.compile(r"^azure-native_[a-z0-9]+_v\d{8}[a-z0-9]*:")
_NAMES = {
    "azure-native:alertsmanagement:PrometheusRuleGroup": "ruleGroupName",
    "azure-native:containerservice:AgentPool": "poolName",
    "azure-native:containerservice:JWTAuthenticator": "jwtAuthenticatorName",
    "azure-native:containerservice:MaintenanceConfiguration": "configName",
    "azure-native:containerservice:TrustedAccessRoleBinding": "trustedAccessRoleBindingName",
    "azure-native:dashboard:Grafana": "workspaceName",
    "azure-native:dataprotection:BackupVault": "vaultName",
    "azure-native:kubernetesconfiguration:Extension": "extensionName",
    "azure-native:kubernetesconfiguration:FluxConfiguration": "fluxConfigurationName",
    "azure-native:monitor:ActionGroup": "actionGroupName",
    "azure-native:monitor:ActivityLogAlert": "activityLogAlertName",
    "azure-native:monitor:ScheduledQueryRule": "ruleName",
}
"""What resources that have a parent are called by; their `resourceName` is the parent's."""


@dataclass(frozen=True)
class Resource:
    """One resource of the program: its Pulumi type token, URN, logical name and plain properties.

    `namespace` is the Kubernetes provider's own default namespace; `patch` says that the properties are
    only the part of an object that a Patch resource sets; `depends` are the URNs each property comes from.
    `unread` is what stands where the object should be in a List: an unknown, or what is wrong, in words.
    `group` is the API group of `kind` ("" for Kubernetes' first one, None where it is not said); `place` is where in
    the engine's resource the object stands, where that is not the whole of it. `childless` says that no resource of
    the stack has it as its parent, `known` that none of its properties is an unknown, where that was seen already.
    `ignored` are the property paths in the resource's `ignoreChanges`. `provider` is the URN of the provider that makes it.
    """

    type: str
    urn: str
    name: str
    properties: dict[str, Any]
    namespace: str = ""
    patch: bool = False
    kind: str = ""
    depends: Mapping[str, Sequence[str]] = field(default_factory=dict[str, Sequence[str]])
    unread: str = ""
    group: str | None = None
    place: str = ""
    childless: bool = False
    known: bool = False
    ignored: Sequence[str] = ()
    provider: str = ""

    @cached_property
    def object_name(self) -> str:
        """The Kubernetes or Azure name where one is given, the logical name otherwise."""
        metadata: object = self.properties.get("metadata")
        if metadata:
            given: object = mapping(metadata).get("name")
        else:
            key = _NAMES.get(token_without_version(self.type), "resourceName")
            given = self.properties.get(key)
        return given if isinstance(given, str) and given and not is_unknown(given) else self.name

    @cached_property
    def object_namespace(self) -> str:
        """The Kubernetes namespace it goes to ("" for an Azure resource)."""
        if not self.kind:
            return ""
        given = mapping(self.properties.get("metadata")).get("namespace")
        if isinstance(given, str) and not is_unknown(given):
            return given
        return self.namespace or "default"


def template_path(kind: str) -> str:
    """Return where an object of this kind keeps its pod's spec."""
    return _TEMPLATES.get(kind, "spec.template.spec")


@lru_cache(maxsize=1024)
def token_without_version(token: str) -> str:
    """Return a type token without its API version, such as kubernetes:core:Namespace, whatever package it is from."""
    return _VERSION_PART.sub("", _LOCAL_PACKAGE.sub("azure-native:", token))


def judged_by(resource: Resource, area: Area) -> bool:
    """Tell whether the rules of `area` are about this object.

    A custom resource that carries a pod template where a Deployment does, or may do so, counts as a pod too. What
    is in a List and cannot be read may be anything.
    """
    if resource.kind:
        return is_one_of(resource, area) or ("Pod" in area.kinds and _has_template(resource))
    if resource.unread and resource.type.startswith("kubernetes:"):
        return bool(area.resources)
    return resource.type in area.types


def is_one_of(resource: Resource, area: Area) -> bool:
    """Tell whether the object's kind is one of the area's: of that name, and of an API group that has it."""
    if resource.kind not in area.kinds:
        return False
    return resource.group is None or resource.group in area.groups


def _has_template(resource: Resource) -> bool:
    if not is_custom(resource.group):
        return False
    value: Any = resource.properties
    for key in ("spec", "template", "spec", "containers"):
        if is_unknown(value):
            return True
        if key not in mapping(value):
            return False
        value = mapping(value)[key]
    return True


def is_custom(group: str | None) -> bool:
    """Tell whether an API group is none of Kubernetes' own, which are one word or end with k8s.io."""
    return group is not None and "." in group and not group.endswith(".k8s.io")
