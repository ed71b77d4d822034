"""Lists of resources: of a subscription, a resource group, a resource."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from emulator.arm import api_versions, bodies, paging
from emulator.arm.authorization import ASSIGNMENTS, require
from emulator.azure.errors import refusal
from emulator.azure.resource_type import no_group, no_parent
from emulator.azure.resources.locks import LOCKS, scope_of
from emulator.azure.types import by_arm_type
from emulator.entra.directory import groups_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from emulator.arm.context import Context
    from emulator.arm.paths import Target
    from emulator.azure.resource_type import Props, ResourceType
    from emulator.cloud.state import Resource
    from emulator.https.messages import Reply

_EVERYTHING = re.compile(r"(/subscriptions/[^/]+(?:/resourceGroups/[^/]+)?)/resources", re.IGNORECASE)
_PRINCIPAL = re.compile(r"principalId eq '\{?([0-9a-fA-F-]{36})\}?'", re.IGNORECASE)
_ASSIGNED = re.compile(r"assignedTo\('([0-9a-fA-F-]{36})'\)", re.IGNORECASE)
_AT_SCOPE = re.compile(r"atScope\(\)", re.IGNORECASE)


def answer(context: Context, target: Target, kind: ResourceType) -> Reply:
    """Answer the list of one type. Raises ArmError (404) for a parent that is not there."""
    context.arm.meet("read", target.path)
    parent = target.parent
    if parent.count("/") > 2 and context.state.get(parent) is None:  # noqa: PLR2004  (a subscription has two slashes)
        raise no_parent("read", target.arm_type, parent)
    if kind.arm_type in (LOCKS, ASSIGNMENTS):
        found = _extensions(context, target, kind.arm_type)
    else:
        start = parent.lower() + "/"
        found = [r for r in context.state.of_type(kind.arm_type) if r.id.lower().startswith(start)]
    return paging.reply(context, [show(context, kind, r) for r in found])


def show(context: Context, kind: ResourceType, resource: Resource) -> Props:
    """Return a resource as ARM writes it."""
    more = kind.present(context.state, resource) if kind.present else {}
    return bodies.to_arm(kind, resource.id, resource.name, resource.properties | more)


def everything(context: Context) -> Reply | None:
    """Answer the list of whatever lies in a subscription or a group, without its properties; None for another path."""
    asked = _EVERYTHING.fullmatch(context.request.path.rstrip("/"))
    if asked is None or context.request.method != "GET":
        return None
    below = asked[1]
    api_versions.check("Microsoft.Resources/resources", context.request.query.get("api-version"))
    require(context.state, context.caller, "Microsoft.Resources/subscriptions/resources/read", below)
    context.arm.meet("read", context.request.path)
    if "/resourcegroups/" in below.lower() and context.state.get(below) is None:
        raise no_group(below)
    rows: list[Props] = []
    for resource in context.state.resources.values():
        kind = by_arm_type().get(resource.type.lower())
        tail = resource.id.rpartition("/providers/")[2]
        is_top = "/providers/" in resource.id and tail.count("/") == 2  # noqa: PLR2004  (namespace, type, name)
        if kind and is_top and kind.located and resource.id.lower().startswith(below.lower() + "/"):
            shown = show(context, kind, resource)
            rows.append({k: v for k, v in shown.items() if k != "properties"})
    return paging.reply(context, rows)


def _extensions(context: Context, target: Target, arm_type: str) -> list[Resource]:
    """Return the locks or role assignments that hold for a scope, and those below it unless `atScope()`."""
    asked = context.request.query.get("$filter", "")
    at, start = target.scope.lower().rstrip("/"), target.scope.lower().rstrip("/") + "/"
    found: list[Resource] = []
    for one in context.state.of_type(arm_type):
        scope = (scope_of(one.id)).lower().rstrip("/")
        holds = at == scope or at.startswith(scope + "/")
        if holds or (scope.startswith(start) and not _AT_SCOPE.search(asked)):
            found.append(one)
    return list(_filtered(context, found, asked))


def _filtered(context: Context, found: Iterable[Resource], asked: str) -> Iterable[Resource]:
    rest = _AT_SCOPE.sub("", asked).replace(" and ", "").strip()
    if not rest:
        return found
    if one := _PRINCIPAL.fullmatch(rest):
        return [r for r in found if _principal(r) == one[1].lower()]
    if one := _ASSIGNED.fullmatch(rest):
        whom = {one[1].lower(), *groups_of(context.state, one[1].lower())}
        return [r for r in found if _principal(r) in whom]
    raise refusal("UnsupportedQuery", asked=asked)


def _principal(assignment: Resource) -> str:
    return str(assignment.properties.get("principalId")).lower()
