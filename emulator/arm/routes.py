"""Which call of Azure Resource Manager means what."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from emulator.arm import aks, resources, usage
from emulator.arm.answer import Answer, Request, refusal, refused
from emulator.azure.errors import ArmError
from emulator.azure.service import Arm
from emulator.entra.tokens import ARM_AUDIENCES, TokenError

if TYPE_CHECKING:
    from collections.abc import Callable

    from emulator.cloud.cloud import Cloud
    from emulator.entra.tokens import Tokens

_CLUSTER = r"(?P<cluster>/subscriptions/[^/]+/resourceGroups/[^/]+/providers/Microsoft\.ContainerService/managedClusters/[^/]+)"
_SUBSCRIPTION = r"/subscriptions/(?P<subscription>[^/]+)"
_LOCATION = r"/locations/(?P<location>[^/]+)"


def _route(
    pattern: str, answer: Callable[[Arm, Request, dict[str, str]], Answer]
) -> tuple[re.Pattern[str], Callable[[Arm, Request, dict[str, str]], Answer]]:
    return re.compile(pattern + r"/?", re.IGNORECASE), answer


ROUTES = (
    _route(
        rf"{_CLUSTER}/upgradeProfiles/default", lambda arm, _r, at: aks.cluster_profile(arm, at["cluster"])
    ),
    _route(
        rf"(?P<pool>{_CLUSTER}/agentPools/[^/]+)/upgradeProfiles/default",
        lambda arm, _r, at: aks.pool_profile(arm, at["pool"]),
    ),
    _route(
        rf"{_CLUSTER}/availableAgentPoolVersions", lambda arm, _r, at: aks.pool_versions(arm, at["cluster"])
    ),
    _route(
        rf"{_CLUSTER}/listClusterUserCredential",
        lambda arm, request, at: aks.credentials(arm, at["cluster"], request, admin=False),
    ),
    _route(
        rf"{_CLUSTER}/listClusterAdminCredential",
        lambda arm, request, at: aks.credentials(arm, at["cluster"], request, admin=True),
    ),
    _route(
        rf"{_SUBSCRIPTION}/providers/Microsoft\.ContainerService{_LOCATION}/kubernetesVersions",
        lambda _arm, request, _at: aks.versions(request),
    ),
    _route(
        rf"{_SUBSCRIPTION}/providers/Microsoft\.Compute{_LOCATION}/usages",
        lambda arm, _r, at: usage.cores(arm, at["location"]),
    ),
    _route(
        rf"{_SUBSCRIPTION}/providers/Microsoft\.Compute/skus",
        lambda arm, request, _at: usage.sizes(arm, _filtered(request)),
    ),
    _route(
        r"(?P<network>/subscriptions/.+/providers/Microsoft\.Network/virtualNetworks/[^/]+)/usages",
        lambda arm, _r, at: usage.addresses(arm, at["network"]),
    ),
    _route(r"/.+/providers/Microsoft\.Authorization/locks", lambda _arm, _r, _at: Answer(200, {"value": []})),
    _route(
        _SUBSCRIPTION,
        lambda arm, _r, at: Answer(
            200,
            {
                "id": f"/subscriptions/{at['subscription']}",
                "subscriptionId": at["subscription"],
                "tenantId": arm.tenant,
                "state": "Enabled",
            },
        ),
    ),
)


def answer(cloud: Cloud, tokens: Tokens, request: Request) -> Answer:
    """Answer one call to management.azure.com."""
    try:
        tokens.check(request.headers.get("authorization", ""), ARM_AUDIENCES)
    except TokenError as error:
        challenge = f'Bearer authorization_uri="{tokens.authority}", error="invalid_token", error_description="{error}"'
        return refusal(401, error.code, str(error), {"WWW-Authenticate": challenge})
    if not request.query.get("api-version"):
        why = "The api-version query parameter (?api-version=) is required for all requests."
        return refusal(400, "MissingApiVersionParameter", why)
    arm = Arm(cloud, _subscription(request.path), tokens.tenant)
    try:
        return _answered(arm, request)
    except ArmError as error:
        return refused(error)
    except ValueError as error:
        return refusal(400, "InvalidRequestContent", f"The request content was invalid: {error}")


def _answered(arm: Arm, request: Request) -> Answer:
    for pattern, route in ROUTES:
        if found := pattern.fullmatch(request.path):
            return route(arm, request, {k: v for k, v in found.groupdict().items() if v})
    kind, is_one = resources.kind_of(request.path)
    if kind is None:
        return refusal(404, "InvalidResourceType", f"The emulated Azure has nothing at {request.path}.")
    return resources.one(arm, kind, request) if is_one else resources.many(arm, kind, request.path)


def _subscription(path: str) -> str:
    parts = path.split("/")
    return parts[2] if len(parts) > 2 and parts[1].lower() == "subscriptions" else ""  # noqa: PLR2004 - "", subscriptions, id


def _filtered(request: Request) -> str:
    found = re.search(r"location eq '([^']+)'", str(request.query.get("$filter") or ""))
    return found[1] if found else ""
