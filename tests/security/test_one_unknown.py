"""What is well is refused for no value that is not known before the update, wherever it stands."""

from collections.abc import Iterator
from typing import Any

import pytest
from secure_aks_security.judging.values import UNKNOWN

from tests.security import build
from tests.security.build import cluster, mutate
from tests.security.cases import reach, type_of
from tests.security.cases.cluster_api import endpoint_slice, endpoints
from tests.security.cases.others import ingress, volume
from tests.security.disguises import AZAPI, GOOD, HARMLESS, RESTRICTED, C, arm
from tests.security.test_disguises import found

_NATIVE = "azure-native:containerservice"
_OUTER = {key: cluster()[key] for key in ("sku", "identity")}
_RANGES = {
    "apiServerAccessProfile.enablePrivateCluster": False,
    "apiServerAccessProfile.authorizedIPRanges": ["203.0.113.0/24"],
}
_HAPPY = [
    build.pod,
    build.role,
    build.binding,
    build.secret,
    build.config_map,
    build.service,
    build.namespace,
    ingress,
    volume,
    endpoint_slice,
    endpoints,
    reach.storage_class,
    reach.runtime_class,
    reach.claim,
    reach.definition,
    reach.flow_schema,
    reach.request,
]
WELL: dict[str, tuple[str, dict[str, Any]]] = {
    **{make.__name__: (type_of(make()), make()) for make in _HAPPY},
    "workload": (type_of(build.workload("CronJob")), build.workload("CronJob")),
    "cluster": (f"{_NATIVE}:ManagedCluster", mutate(cluster(), _RANGES)),
    "pool": (f"{_NATIVE}:AgentPool", build.agent_pool()),
    "by azapi": (AZAPI, {"type": f"{C}@2025-09-01", "name": "aks", "body": {"properties": GOOD, **_OUTER}}),
    "by ARM": arm({"type": C, "name": "aks", "properties": GOOD, **_OUTER}),
    "of an operator": HARMLESS["aso good"],
    "a pool of an operator": HARMLESS["aso good pool"],
    "managed namespace": (
        f"{_NATIVE}:ManagedNamespace",
        {"managedNamespaceName": "x", "properties": RESTRICTED},
    ),
    "assignment": ("azure-native:authorization:RoleAssignment", build.assignment()),
    "authenticator": (f"{_NATIVE}:JWTAuthenticator", build.authenticator()),
    "vault": ("azure-native:dataprotection:BackupVault", build.backup_vault()),
}


@pytest.mark.parametrize("name", WELL)
def test_what_is_well_is_not_refused_for_one_unknown(judge, name):
    token, item = WELL[name]
    well = found(judge, token, item)
    refused = {
        place: rules
        for place, changed in _with_one_unknown(item)
        if (
            rules := {one for one in found(judge, token, changed) - well if one[0] != "?"}
            - {"unseen-objects"}
        )
    }
    assert refused == {}


def _with_one_unknown(value: Any, place: str = "") -> Iterator[tuple[str, Any]]:
    """Yield copies of a value in each of which one of its parts is not known."""
    parts = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, part in parts:
        where = f"{place}.{key}"
        if where in {".kind", ".apiVersion"}:
            continue
        for inner, changed in ((where, UNKNOWN + where), *_with_one_unknown(part, where)):
            if isinstance(value, dict):
                yield inner, {**value, key: changed}
            else:
                yield inner, [*value[:key], changed, *value[key + 1 :]]
