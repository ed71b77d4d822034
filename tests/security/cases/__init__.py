"""What each rule refuses and lets pass: a happy object and one mutation, each with a name."""

from collections import Counter
from collections.abc import Iterator
from typing import Any, NamedTuple

from tests.security.build import mutate
from tests.security.cases import (
    action_groups,
    activity_alerts,
    alerts,
    assignments,
    authenticators,
    backups,
    cluster_api,
    clusters,
    config_maps,
    extensions,
    flux,
    grafana,
    maintenance,
    namespaces,
    others,
    pods,
    pools,
    rbac,
    reach,
    reserved,
    role_definitions,
    secrets,
    services,
    trusted_access,
)

_TYPES = {
    "v1": "kubernetes:core/v1",
    "apps/v1": "kubernetes:apps/v1",
    "batch/v1": "kubernetes:batch/v1",
    "networking.k8s.io/v1": "kubernetes:networking.k8s.io/v1",
    "gateway.networking.k8s.io/v1": "kubernetes:gateway.networking.k8s.io/v1",
    "gateway.networking.x-k8s.io/v1alpha1": "kubernetes:gateway.networking.x-k8s.io/v1alpha1",
    "discovery.k8s.io/v1": "kubernetes:discovery.k8s.io/v1",
    "apiregistration.k8s.io/v1": "kubernetes:apiregistration.k8s.io/v1",
    **{
        f"{group}/v1": f"kubernetes:{group}/v1"
        for group in (
            "apiextensions.k8s.io",
            "certificates.k8s.io",
            "coordination.k8s.io",
            "flowcontrol.apiserver.k8s.io",
            "node.k8s.io",
            "resource.k8s.io",
            "scheduling.k8s.io",
            "snapshot.storage.k8s.io",
            "storage.k8s.io",
        )
    },
    "config.gatekeeper.sh/v1alpha1": "kubernetes:config.gatekeeper.sh/v1alpha1",
    "admissionregistration.k8s.io/v1": "kubernetes:admissionregistration.k8s.io/v1",
    "rbac.authorization.k8s.io/v1": "kubernetes:rbac.authorization.k8s.io/v1",
}


class Case(NamedTuple):
    """One object and what its rule says about it: `words` for a refusal, None when it passes.

    `facts` are those of the stack file that differ from `CONFIG`'s.
    """

    rule: str
    name: str
    type: str
    object: dict[str, Any]
    words: str | None
    facts: dict[str, Any]

    def __str__(self) -> str:
        return f"{self.rule}: {self.name}"


def type_of(item: dict[str, Any]) -> str:
    """The Pulumi type token of a Kubernetes object."""
    return f"{_TYPES[item['apiVersion']]}:{item['kind']}"


def _cases() -> Iterator[Case]:
    for module in (
        pods,
        rbac,
        services,
        secrets,
        config_maps,
        namespaces,
        clusters,
        pools,
        maintenance,
        others,
        trusted_access,
        grafana,
        alerts,
        activity_alerts,
        action_groups,
        backups,
        extensions,
        flux,
        authenticators,
        assignments,
        cluster_api,
        reach,
        reserved,
        role_definitions,
    ):
        for rule, table in module.CASES.items():
            yield _case(module, rule, "the happy path", {}, None)
            for name, changes in table.get("passes", {}).items():
                yield _case(module, rule, name, changes, None)
            for name, (changes, words) in table["fails"].items():
                yield _case(module, rule, name, changes, words)


def _case(module: Any, rule: str, name: str, changes: dict[str, Any], words: str | None) -> Case:
    changes = dict(changes)
    facts = changes.pop("facts", {})
    token = changes.pop("token", getattr(module, "TYPE", None))
    item = mutate(changes.pop("from", module.HAPPY)(), changes)
    return Case(rule, name, token or type_of(item), item, words, facts)


CASES = list(_cases())

MOST = 24


def spread(cases: list[Case]) -> list[Case]:
    """Some 24 of a rule's cases, evenly spread: what the everyday run asks a judge that is slow. `make soak` asks all."""
    return cases[:: max(1, len(cases) // MOST)]


MANY = sorted(rule for rule, count in Counter(case.rule for case in CASES).items() if count >= 2 * MOST)
"""The rules of whose cases `spread` leaves some out."""
