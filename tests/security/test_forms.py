"""Every case of what Azure has is told alike in ARM's words, whatever their case, and in azapi's."""

import json
from typing import Any

import pytest

from tests.security.cases import CASES, Case
from tests.security.disguises import AZAPI, C, arm
from tests.security.test_disguises import found

_TYPES = {
    "azure-native:containerservice:ManagedCluster": C,
    "azure-native:containerservice:AgentPool": f"{C}/agentPools",
    "azure-native:containerservice:MaintenanceConfiguration": f"{C}/maintenanceConfigurations",
    "azure-native:containerservice:TrustedAccessRoleBinding": f"{C}/trustedAccessRoleBindings",
    "azure-native:authorization:RoleDefinition": "Microsoft.Authorization/roleDefinitions",
}
_OUTSIDE = ("sku", "identity")
_NAMES = ("agentPoolName", "resourceGroupName", "resourceName")


def _in_capitals(value: Any) -> Any:
    if isinstance(value, dict):
        return {key.upper(): _in_capitals(item) for key, item in value.items()}
    return [_in_capitals(item) for item in value] if isinstance(value, list) else value


def _forms(case: Case) -> dict[str, tuple[str, dict[str, Any]]]:
    """A case's object as a resource of a template, its keys in capitals, by a variable, and as azapi's with a text for a body."""
    said, kind = case.object, _TYPES[case.type]
    body = {
        **{key: said[key] for key in _OUTSIDE if key in said},
        "properties": {key: value for key, value in said.items() if key not in {*_OUTSIDE, *_NAMES}},
    }
    name = said.get("agentPoolName", said.get("resourceName", "aks"))
    of_template = {"type": kind, "name": name, **body}
    return {
        "ARM": arm(_in_capitals(of_template)),
        "a variable": arm(
            {**of_template, "properties": "[variables('p')]"},
            template={"variables": {"p": body["properties"]}},
        ),
        "azapi": (AZAPI, {"type": f"{kind}@2025-05-01", "name": name, "body": json.dumps(body)}),
    }


@pytest.mark.parametrize("token", _TYPES)
def test_a_case_is_told_alike_in_every_form(judge, token):
    cases = [case for case in CASES if case.type == token and not case.facts]
    assert cases
    otherwise = {
        f"{case}, {form}": told ^ native
        for case in cases
        for native in [found(judge, token, case.object)]
        for form, said in _forms(case).items()
        if (told := found(judge, *said)) != native
    }
    assert otherwise == {}
