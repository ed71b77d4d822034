"""ARM deployments: the way to move the version of the pool that was created with its cluster."""

from __future__ import annotations

from typing import Any

import pytest

from tests.emulator.azure_provider import Azure, Made, refused, system_profile

POOLS = "Microsoft.ContainerService/managedClusters/agentPools"


def template(version: str, *, name: str = "aks/system", **more: Any) -> dict[str, Any]:
    properties = {
        "mode": "System",
        "count": 2,
        "vmSize": "Standard_D2ds_v5",
        "orchestratorVersion": version,
    } | more
    return {
        "resources": [{"type": POOLS, "apiVersion": "2025-09-01", "name": name, "properties": properties}]
    }


def deployment(azure: Azure, **properties: Any) -> Made:
    return azure.create(
        "resources:Deployment",
        "version",
        resourceGroupName="rg",
        properties={"mode": "Incremental"} | properties,
    )


def test_it_moves_the_inline_pool_and_nothing_else(azure: Azure) -> None:
    azure.update(azure.cluster("1.35.5"), kubernetesVersion="1.35.6")
    azure.pool(orchestratorVersion="1.35.5")
    made = deployment(azure, template=template("1.35.6"))
    assert azure.running() == {"": "1.35.6", "system": "1.35.6", "general": "1.35.5"}
    outputs = made.outputs["properties"]
    assert outputs["provisioningState"] == "Succeeded"
    assert outputs["outputResources"][0]["id"].endswith("/managedClusters/aks/agentPools/system")
    assert made.id.endswith("/providers/Microsoft.Resources/deployments/" + made.inputs["deploymentName"])


def test_a_new_template_is_a_difference_and_an_upsert(azure: Azure) -> None:
    azure.update(azure.cluster("1.35.4"), kubernetesVersion="1.35.6")
    made = deployment(azure, template=template("1.35.5"))
    news = {"mode": "Incremental", "template": template("1.35.6")}
    diff = azure.diff(made, properties=news)
    assert diff.diffs == {"properties.template.resources[0].properties.orchestratorVersion": "update"}
    assert diff.replaces == []
    azure.update(made, properties=news)
    assert azure.running()["system"] == "1.35.6"


@pytest.mark.parametrize(
    ("version", "code"),
    [
        ("1.36.2", "NodePoolMcVersionIncompatible"),
        ("1.35.4", "AgentPoolUpgradeVersionNotAllowed"),
        ("1.35", ""),
        ("latest", "InvalidParameter"),
    ],
)
def test_the_pool_is_checked_as_any_other(azure: Azure, version: str, code: str) -> None:
    azure.cluster("1.35.5")
    if not code:
        deployment(azure, template=template(version))
        return
    with refused("DeploymentFailed", f"system: {code}"):
        deployment(azure, template=template(version))
    assert azure.running() == {"": "1.35.5", "system": "1.35.5"}
    assert azure.cloud.of_type("Microsoft.Resources/deployments") == []


def test_taints_that_the_template_leaves_out_are_gone(azure: Azure) -> None:
    azure.cluster(
        "1.35.6", agentPoolProfiles=[system_profile(nodeTaints=["CriticalAddonsOnly=true:NoSchedule"])]
    )
    deployment(azure, template=template("1.35.6"))
    pool = next(r for r in azure.cloud.view().resources.values() if r.name == "system")
    assert "nodeTaints" not in pool.properties


def test_deleting_it_deletes_no_pool(azure: Azure) -> None:
    azure.cluster("1.35.6")
    made = deployment(azure, template=template("1.35.6"))
    azure.delete(made)
    assert azure.read(made) is None
    assert azure.running()["system"] == "1.35.6"


def test_parameters_are_filled_in(azure: Azure) -> None:
    azure.cluster("1.35.6")
    deployment(
        azure,
        template=template("[parameters('version')]")
        | {"parameters": {"version": {"defaultValue": "1.35.4"}}},
        parameters={"version": {"value": "1.35.6"}},
    )
    assert azure.running()["system"] == "1.35.6"


@pytest.mark.parametrize(
    ("properties", "code", "words"),
    [
        ({"mode": "Complete", "template": template("1.35.6")}, "InvalidDeploymentMode", "Complete"),
        ({"templateLink": {"uri": "https://example.org/t.json"}}, "InvalidTemplate", "templateLink"),
        ({"template": template("[concat('1.35', '.6')]")}, "InvalidTemplate", "concat"),
        ({"template": template("[parameters('nobody')]")}, "InvalidTemplate", "nobody"),
        ({"template": template("1.35.6", name="system")}, "InvalidTemplate", "does not fit the type"),
        (
            {"template": {"resources": [{"type": "Microsoft.Web/sites", "name": "x"}]}},
            "InvalidTemplate",
            "Microsoft.Web/sites",
        ),
    ],
)
def test_what_the_emulator_cannot_do_is_refused(
    azure: Azure, properties: dict[str, Any], code: str, words: str
) -> None:
    azure.cluster("1.35.6")
    with refused(code, words):
        deployment(azure, **properties)
