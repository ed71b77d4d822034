"""What controllers of the platform may do otherwise: `secure-aks:platform`, without an end, in their own objects alone.

An ingress controller reads the Secrets of every namespace; that is what it is for. A controller is named with its
namespace, service accounts, roles, rights and images. Its bindings are judged by what `bindings` and `guarded` give the
rules as facts; of its roles, pods and Services an *allowance* lifts single rules, by a CEL condition that holds for its own
objects only: evaluated here at preview, and by the API server as part of the rule's validation.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from secure_aks_security.expressions import literal
from secure_aks_security.rules import rights
from secure_aks_security.shapes import items, mapping
from secure_aks_security.stack_file.exemptions import regex

PUBLIC_ADDRESS = "service-public-load-balancer"
"""The rule that a controller with `publicAddress` is let off, in the Services of its namespace."""
POD_SECURITY = "namespace-pod-security"
"""The rule that the namespace of a controller with `podSecurity: privileged` is let off."""
IMAGES = "pod-image-registry"
"""The rule that a controller's own images are let off."""
PULLS = "pod-pull-policy"
"""Likewise: by whoever named the images, and pulled again at each start a controller would wait for its registry."""
TOKEN = "account-token"  # noqa: S105 - a rule
"""The rule that a controller's own accounts are let off: nobody names one for a program that does not ask the API server."""
_CLUSTER_ADMIN = "cluster-admin"
_GATHERS = "rbac-aggregation"
_STARS = "rbac-wildcards"
# Of what Kubernetes gathers into `view`, whoever has that one has it too; nobody is kept from it.
_NOT_IN_VIEW = "!(has(object.metadata.labels) && 'rbac.authorization.k8s.io/aggregate-to-view' in object.metadata.labels)"
# What a role gathers from others by an aggregation rule nobody has named.
_GATHERS_NOTHING = "!has(object.aggregationRule)"
_HUB = "docker.io/"
_OF_KUBERNETES = ("ClusterRole/cluster-admin", "ClusterRole/system:")


@dataclass(frozen=True)
class Allowance:
    """One rule that does not hold where `condition`, which is CEL, is true."""

    rule: str
    condition: str


def allowances(platform: Any) -> tuple[Allowance, ...]:
    """Return what the controllers of a stack's `platform` are let do; what is malformed there lets nothing."""
    return tuple(found for controller in map(mapping, items(platform)) for found in _of(controller))


def namespaces(platform: Any) -> list[str]:
    """Return the namespaces of the controllers."""
    return list(dict.fromkeys(_namespace(controller) for controller in map(mapping, items(platform))))


def bindings(platform: Any, *, beginnings: bool) -> list[str]:
    """Return which accounts may be bound to which roles: "namespace/account ClusterRole/name", whole or beginnings of it."""
    return [f"{who} {role}" for who, role in _texts(platform, beginnings=beginnings)]


def guarded(platform: Any, *, beginnings: bool) -> list[str]:
    """Return the cluster roles that belong to controllers: "ClusterRole/name", whole or beginnings of it."""
    found = dict.fromkeys(role for _, role in _texts(platform, beginnings=beginnings))
    return [role for role in found if not role.startswith(_OF_KUBERNETES)]


def _texts(platform: Any, *, beginnings: bool) -> Iterator[tuple[str, str]]:
    """Yield accounts and roles; for the beginnings those that end with a `*`, without it."""
    for who, role in _bound(platform):
        if role.endswith("*") is beginnings:
            yield who, role.removesuffix("*")


def _bound(platform: Any) -> Iterator[tuple[str, str]]:
    """Yield an account and a role it may be bound to."""
    for controller in map(mapping, items(platform)):
        for account in _accounts(controller):
            who = f"{_namespace(controller)}/{account['name']}"
            yield from ((who, f"ClusterRole/{role}") for role in _roles_of(account))
            if _CLUSTER_ADMIN in items(account.get("rights")):
                yield who, f"ClusterRole/{_CLUSTER_ADMIN}"


def _of(controller: Mapping[str, Any]) -> Iterator[Allowance]:
    namespace = _namespace(controller)
    images = sorted(
        {text for image in items(controller.get("images")) if image for text in _spelled(str(image))}
    )
    if controller.get("podSecurity") == "privileged":
        yield Allowance(POD_SECURITY, _labelled_privileged(namespace))
    if controller.get("publicAddress") is True:
        here = f"has(object.metadata.namespace) && object.metadata.namespace == {literal(namespace)}"
        yield Allowance(PUBLIC_ADDRESS, here)
    for account in _accounts(controller):
        roles = [role for role in _roles_of(account) if not role.startswith("system:")]
        mine = [right for name, right in rights().items() if name in items(account.get("rights"))]
        yield Allowance(TOKEN, _account(namespace, str(account["name"])))
        if roles:
            named = _named(namespace, roles)
            for rule in dict.fromkeys(rule for right in mine for rule in right.roles):
                # What a star stands for that matters, the other rules say.
                shown = [] if rule == _STARS else [_NOT_IN_VIEW]
                gathering = [] if rule == _GATHERS else [_GATHERS_NOTHING]
                yield Allowance(rule, " && ".join([named, *shown, *gathering]))
        if images:
            condition = _pods(namespace, str(account["name"]), images)
            yield from (Allowance(rule, condition) for rule in (IMAGES, PULLS))
            yield from (Allowance(rule, condition) for right in mine for rule in right.pods)


def _labelled_privileged(namespace: str) -> str:
    label = literal("pod-security.kubernetes.io/enforce")
    return (
        f"object.metadata.name == {literal(namespace)} && has(object.metadata.labels)"
        f" && {label} in object.metadata.labels && object.metadata.labels[{label}] == 'privileged'"
    )


def _named(namespace: str, roles: list[str]) -> str:
    """Return the condition for cluster roles of these names and for roles of the controller's own namespace."""
    named = f"object.metadata.name.matches({literal('^(' + '|'.join(map(regex, roles)) + ')$')})"
    own = f"has(object.metadata.namespace) && object.metadata.namespace == {literal(namespace)}"
    return f"{named} && (object.kind == 'ClusterRole' || (object.kind == 'Role' && {own}))"


def _account(namespace: str, account: str) -> str:
    return (
        f"has(object.metadata.namespace) && object.metadata.namespace == {literal(namespace)}"
        f" && object.metadata.name == {literal(account)}"
    )


def _pods(namespace: str, account: str, images: list[str]) -> str:
    """Return the condition for pods of one service account that run the controller's images and no other."""
    return (
        f"variables.podNamespace == {literal(namespace)} && variables.serviceAccount == {literal(account)}"
        f" && variables.images.all(i, {literal(images)}.exists(p, i.image.startsWith(p)))"
    )


def _spelled(image: str) -> Iterator[str]:
    """Yield the beginning of an image's name, and as most manifests spell that of an owner on Docker Hub, which needs no registry."""
    yield image
    short = image.removeprefix(_HUB)
    owner, slash, _ = short.partition("/")
    if short != image and slash and owner != "localhost" and not {".", ":"}.intersection(owner):
        yield short


def _namespace(controller: Mapping[str, Any]) -> str:
    return str(controller.get("namespace") or controller.get("name"))


def _accounts(controller: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    return [
        account for account in map(mapping, items(controller.get("serviceAccounts"))) if account.get("name")
    ]


def _roles_of(account: Mapping[str, Any]) -> list[str]:
    """Return the roles it names; none that Kubernetes' own cluster-admin would be one of: that is a right."""
    roles = sorted(str(role) for role in items(account.get("roles")) if role)
    return [role for role in roles if not re.fullmatch(regex(role), _CLUSTER_ADMIN)]
