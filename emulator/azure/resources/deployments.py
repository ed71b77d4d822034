"""Microsoft.Resources/deployments: an ARM template whose resources are created or changed one after another."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from emulator.azure import ids
from emulator.azure.errors import ArmError, refusal
from emulator.azure.shapes import rows, table
from emulator.properties.values import is_list, is_object

if TYPE_CHECKING:
    from collections.abc import Mapping

    from emulator.azure.resource_type import Props, Put, ResourceType
    from emulator.azure.service import Arm

_PARAMETER = re.compile(r"^\[parameters\('([^']+)'\)\]$")
_KEPT = ("location", "tags", "sku", "identity", "kind")


def put_deployment(put: Put) -> Props:
    """Refuse what the emulator cannot do as Azure does, rather than do something else."""
    properties = table(put.body, "properties")
    template = table(properties, "template")
    if not is_list(template.get("resources")):
        raise refusal("InvalidTemplate.resources")
    deployed = [{"id": _target(put.id, r)} for r in template["resources"]]
    done: Props = {
        "provisioningState": "Succeeded",
        "mode": "Incremental",
        "correlationId": ids.guid(put.id.lower(), repr(template)),
        "templateHash": ids.short_hash(repr(template), 20),
        "timestamp": put.now.isoformat(),
        "duration": "PT0S",
        "outputResources": deployed,
    }
    if properties.get("parameters"):
        done["parameters"] = properties["parameters"]
    return {"properties": done} | {k: put.body[k] for k in ("tags",) if k in put.body}


def deploy(arm: Arm, id_: str, body: Props, types: Mapping[str, ResourceType]) -> None:
    """Put the template's resources; `types` has every type by ARM's name in lower case.

    Raises ArmError; what was put before the error stays.
    """
    properties: Props = table(body, "properties")
    template: Props = table(properties, "template")
    given = {k: v.get("value") for k, v in table(properties, "parameters").items()}
    declared = {k: v.get("defaultValue") for k, v in table(template, "parameters").items()}
    for row in rows(template, "resources"):
        resource = _evaluate(row, declared | given)
        kind = types.get(str(resource.get("type")).lower())
        if kind is None:
            raise refusal("InvalidTemplate.type", type=resource.get("type"))
        inner = table(resource, "properties")
        values = ({"properties": inner} if kind.nested else inner) | {
            k: resource[k] for k in _KEPT if k in resource
        }
        target = _target(id_, resource)
        try:
            arm.put(kind, target, values)
        except ArmError as error:
            raise ArmError(
                error.status,
                "DeploymentFailed",
                "At least one resource deployment operation failed. Please list deployment operations for details. "
                f"{ids.name_of(target)}: {error.code}: {error.message}",
            ) from None


def _target(deployment_id: str, resource: Props) -> str:
    """Return the ARM id of a template's resource: type and name have one segment for each level."""
    namespace, *types = str(resource.get("type")).split("/")
    names = str(resource.get("name")).split("/")
    if len(types) != len(names):
        raise refusal("InvalidTemplate.name", name="/".join(names), type=resource.get("type"))
    group = "/".join(deployment_id.split("/")[:5])
    path = "/".join(f"{t}/{n}" for t, n in zip(types, names, strict=True))
    return f"{group}/providers/{namespace}/{path}"


def _evaluate(value: Any, parameters: Props) -> Any:
    """Return a template's value with its parameters filled in; other expressions are refused by name."""
    if is_object(value):
        return {k: _evaluate(v, parameters) for k, v in value.items()}
    if is_list(value):
        return [_evaluate(v, parameters) for v in value]
    if (
        not isinstance(value, str)
        or not (value.startswith("[") and value.endswith("]"))
        or value.startswith("[[")
    ):
        return value
    found = _PARAMETER.match(value)
    if found is None or found[1] not in parameters:
        raise refusal("InvalidTemplate.expression", value=value)
    return parameters[found[1]]
