"""The subscriptions, and the resource providers that they are registered for."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from emulator.arm import api_versions, authorization, paging
from emulator.azure.errors import refusal
from emulator.https.messages import Reply

if TYPE_CHECKING:
    from emulator.arm.context import Context
    from emulator.azure.service import Arm

_FREE = {"microsoft.authorization", "microsoft.resources"}
"""Namespaces that no subscription has to register for."""
_ONE = re.compile(r"/subscriptions/([^/]+)", re.IGNORECASE)
_PROVIDERS = re.compile(
    r"/subscriptions/([^/]+)/providers(?:/([^/]+))?(?:/(register|unregister))?", re.IGNORECASE
)
_SUBSCRIPTIONS, _PROVIDER_TYPE = "Microsoft.Resources/subscriptions", "Microsoft.Resources/providers"


def known(arm: Arm) -> set[str]:
    """Return the ids of the subscriptions: the lab's own, and those that something was put into."""
    found = {arm.subscription.lower()}
    for key in arm.cloud.view().resources:
        if key.startswith("/subscriptions/"):
            found.add(key.split("/")[2])
    return found


def answer(context: Context) -> Reply | None:
    """Answer a request about subscriptions or registrations, None for any other."""
    path, method = "/" + context.request.path.strip("/"), context.request.method
    if path.lower() == "/subscriptions" and method == "GET":
        _check(context, _SUBSCRIPTIONS)
        return paging.reply(context, [_subscription(context, s) for s in sorted(known(context.arm))])
    one = _ONE.fullmatch(path)
    if one and method == "GET":
        _check(context, _SUBSCRIPTIONS)
        authorization.require(context.state, context.caller, f"{_SUBSCRIPTIONS}/read", path)
        return Reply(200, _subscription(context, one[1]))
    found = _PROVIDERS.fullmatch(path)
    if found is None:
        return None
    _check(context, _PROVIDER_TYPE)
    subscription, namespace, action = found.groups()
    verb = f"{action}/action" if action else "read"
    authorization.require(
        context.state, context.caller, f"{_PROVIDER_TYPE}/{verb}", f"/subscriptions/{subscription}"
    )
    if namespace is None:
        return paging.reply(context, [_provider(context, subscription, n) for n in api_versions.namespaces()])
    name = next((n for n in api_versions.namespaces() if n.lower() == namespace.lower()), None)
    if name is None:
        raise refusal("InvalidResourceNamespace", namespace=namespace)
    if action:
        _register(context, name, wanted=action.lower() == "register")
    return Reply(200, _provider(context, subscription, name))


def require_registration(context: Context, namespace: str) -> None:
    """Raise ArmError (409) where the subscription is not registered for a namespace, which writing needs."""
    missing = {n.lower() for n in context.state.settings.unregistered_providers}
    if namespace.lower() in missing - _FREE:
        raise refusal("MissingSubscriptionRegistration", namespace=namespace)


def _register(context: Context, namespace: str, *, wanted: bool) -> None:
    missing = {n for n in context.state.settings.unregistered_providers if n.lower() != namespace.lower()}
    context.arm.cloud.configure(unregistered_providers=sorted(missing if wanted else {*missing, namespace}))


def _check(context: Context, arm_type: str) -> None:
    api_versions.check(arm_type, context.request.query.get("api-version"))
    context.arm.meet("read", context.request.path)


def _subscription(context: Context, id_: str) -> dict[str, Any]:
    return {
        "id": f"/subscriptions/{id_}",
        "subscriptionId": id_,
        "tenantId": context.arm.tenant,
        "displayName": "Secure AKS lab",
        "state": "Enabled",
        "subscriptionPolicies": {
            "locationPlacementId": "Public_2014-09-01",
            "quotaId": "PayAsYouGo_2014-09-01",
            "spendingLimit": "Off",
        },
        "authorizationSource": "RoleBased",
    }


def _provider(context: Context, subscription: str, namespace: str) -> dict[str, Any]:
    missing = {n.lower() for n in context.state.settings.unregistered_providers}
    is_free = namespace.lower() in _FREE
    state = "Registered" if is_free or namespace.lower() not in missing else "NotRegistered"
    return {
        "id": f"/subscriptions/{subscription}/providers/{namespace}",
        "namespace": namespace,
        "registrationState": state,
        "registrationPolicy": "RegistrationFree" if is_free else "RegistrationRequired",
        "resourceTypes": [
            {"resourceType": name, "locations": [], "apiVersions": list(reversed(versions))}
            for name, versions in api_versions.types_of(namespace).items()
        ],
    }
