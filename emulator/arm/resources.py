"""GET, PUT, PATCH and DELETE of one resource."""

from __future__ import annotations

from typing import TYPE_CHECKING

from emulator.arm import bodies, lists, operations
from emulator.azure import ids
from emulator.azure.errors import ArmError, refusal
from emulator.azure.resource_type import no_group
from emulator.azure.resources.deployments import deploy
from emulator.azure.shapes import rows
from emulator.azure.types import DEPLOYMENT, by_arm_type
from emulator.https.messages import Reply
from emulator.properties.values import is_object

if TYPE_CHECKING:
    from emulator.arm.context import Context
    from emulator.arm.paths import Target
    from emulator.azure.resource_type import Props, ResourceType

_TAGS_ONLY = "Microsoft.ContainerService/managedClusters"


def answer(context: Context, target: Target, kind: ResourceType) -> Reply:
    """Answer a request to one resource."""
    id_ = _id(kind, target)
    method = context.request.method
    if method == "HEAD":
        _get(context, kind, id_)
        return Reply(204)
    if method == "GET":
        return Reply(200, _get(context, kind, id_))
    _preconditions(context, kind, id_)
    if method == "PUT":
        return _put(context, target, kind, id_, _body(context))
    if method == "PATCH":
        return _patch(context, target, kind, id_)
    if method == "DELETE":
        return _delete(context, kind, id_)
    raise refusal("MethodNotAllowed", method=method)


def _id(kind: ResourceType, target: Target) -> str:
    """Return the id as ARM spells it: the types in their own case, the names as they are."""
    found = ids.match(kind.path, target.path)
    if found is None:
        raise refusal("InvalidResourceType.path", path=target.path)
    return ids.fill(kind.path, found.get("subscriptionId", ""), {k: v.lstrip("/") for k, v in found.items()})


def _get(context: Context, kind: ResourceType, id_: str) -> Props:
    flat = context.arm.get(kind, id_)
    found = context.state.get(id_)
    if flat is None or found is None:
        raise _absent(context, kind, id_)
    return bodies.to_arm(kind, found.id, found.name, flat)


def _absent(context: Context, kind: ResourceType, id_: str) -> ArmError:
    """Return why there is nothing: the group, the resource it would lie in, or itself."""
    group = ids.group_of(id_) or ""
    group_id = "/".join(id_.split("/")[:5])
    if kind.arm_type == "Microsoft.Resources/resourceGroups" or (
        group and context.state.get(group_id) is None
    ):
        return no_group(id_)
    if "/managedClusters/" in id_ and "/agentPools/" in id_ and context.state.get(id_.rsplit("/", 2)[0]):
        # AKS answers for its own sub-resources.
        return refusal("NotFound.pool", name=ids.name_of(id_))
    return refusal("ResourceNotFound.help", arm_type=kind.arm_type, name=ids.name_of(id_), group=group)


def _preconditions(context: Context, kind: ResourceType, id_: str) -> None:
    """Refuse what `If-Match` and `If-None-Match` forbid."""
    wanted, unwanted = (context.request.headers.get(h) for h in ("if-match", "if-none-match"))
    there = context.state.get(id_)
    tag = str(there.properties.get("eTag") or there.properties.get("etag")) if there else None
    if (
        (unwanted == "*" and there)
        or (wanted and wanted.strip('"') not in ("*", tag))
        or (wanted and not there)
    ):
        raise refusal("PreconditionFailed", kind=kind, name=ids.name_of(id_))


def _body(context: Context) -> Props:
    try:
        body = context.request.json()
    except ValueError as error:
        raise refusal("InvalidRequestContent.json", error=error) from None
    if not is_object(body) or not is_object(body.get("properties", {})):
        raise refusal("InvalidRequestContent.shape")
    return body


def _put(context: Context, target: Target, kind: ResourceType, id_: str, body: Props) -> Reply:
    before = context.state.get(id_)
    flat = bodies.from_arm(kind, target.scope, body, context.request.query.get("api-version", ""))
    if kind.located and before is None and not flat.get("location"):
        raise refusal("LocationRequired", kind=kind)
    if (
        before is not None
        and flat.get("location")
        and ids.region_of(before.properties) != ids.region_of(flat)
    ):
        raise refusal(
            "InvalidResourceLocation",
            name=ids.name_of(id_),
            there=before.properties.get("location"),
            target=target,
            location=flat["location"],
        )
    _refuse_inline_subnets(context, kind, id_, flat)
    if kind is DEPLOYMENT:
        deploy(context.arm, id_, flat, by_arm_type())
    accepted = context.arm.begin_put(kind, id_, flat)
    if not accepted.name:
        return Reply(201 if accepted.created else 200, _get_quietly(context, kind, id_))
    operations.carry_out(context, accepted)
    shown = _get_quietly(context, kind, id_)
    shown["properties"]["provisioningState"] = accepted.operation
    return Reply(
        201 if accepted.created else 200, shown, operations.headers(context, accepted, location=False)
    )


def _patch(context: Context, target: Target, kind: ResourceType, id_: str) -> Reply:
    """Answer a PATCH: of tags alone for a cluster, as its API has it; a merge for anything else."""
    there = context.state.get(id_)
    if there is None:
        raise _absent(context, kind, id_)
    body = _body(context)
    if kind.arm_type == _TAGS_ONLY and set(body) - {"tags"}:
        raise refusal("InvalidParameter.tagsOnly")
    shown = bodies.to_arm(kind, id_, there.name, there.properties)
    return _put(context, target, kind, id_, bodies.merge(shown, body))


def _delete(context: Context, kind: ResourceType, id_: str) -> Reply:
    accepted = context.arm.begin_delete(kind, id_)
    if accepted is None:
        return Reply(204)
    operations.carry_out(context, accepted)
    if kind.long_running or kind.arm_type == "Microsoft.Resources/resourceGroups":
        return Reply(202, None, operations.headers(context, accepted, location=True))
    return Reply(200)


def _get_quietly(context: Context, kind: ResourceType, id_: str) -> Props:
    """Return the resource as it is now, without meeting a fault that was ordered for a GET."""
    found = context.state.get(id_)
    if found is None:
        raise _absent(context, kind, id_)
    return lists.show(context, kind, found)


def _refuse_inline_subnets(context: Context, kind: ResourceType, id_: str, flat: Props) -> None:
    """Refuse a virtual network whose list of subnets is not the one it has: Azure would make and delete subnets."""
    if kind.arm_type != "Microsoft.Network/virtualNetworks" or "subnets" not in flat:
        return
    named = {str(s.get("name")).lower() for s in rows(flat, "subnets")}
    there = {s.name.lower() for s in context.state.children(id_, "Microsoft.Network/virtualNetworks/subnets")}
    if named != there:
        raise refusal("InvalidRequestFormat")
    del flat["subnets"]
