"""A rollback asked of the lab's Azure by the SDK: the PUT that names the image, once, and its refusals."""

from __future__ import annotations

from typing import Any

import pytest

from tests.upgrades.builders import v
from tests.upgrades.small_stack import START
from upgrades.model.clusters import Pool
from upgrades.model.steps import Step
from upgrades.observe.azure.reader import Azure
from upgrades.observe.azure.values import recently_used, resource_id
from upgrades.observe.errors import AzureError
from upgrades.plan.cost import pool_duration, pool_needs
from upgrades.rollout.pool_calls import roll_back

NEWER = "1.35.6"
POOL = Pool("general", v(NEWER))
CLUSTERS = "Microsoft.ContainerService/managedClusters"


def back(to=START):
    return Step(
        "dev",
        "aks",
        "general",
        v(NEWER),
        v(to),
        "it is bad",
        pool_duration(POOL),
        pool_needs(POOL),
        pool=POOL,
    )


@pytest.fixture
def upgraded(small):
    """The small stack, whose pool general and control plane somebody has upgraded."""
    small.cloud.edit(
        small.cloud.of_type(CLUSTERS)[0].id,
        dict.fromkeys(("kubernetesVersion", "currentKubernetesVersion"), NEWER),
    )
    id_ = small.stack.outputs()["cluster"]["id"]
    where = resource_id(id_)
    names = (where["resourcegroups"], where["managedclusters"], "general")
    azure = Azure(where["subscriptions"], per_retry_policies=[])
    body: dict[str, Any] = azure.pool(*names)
    body["properties"]["orchestratorVersion"] = NEWER
    azure.client.agent_pools.begin_create_or_update(*names, {"properties": body["properties"]}).result()
    assert small.versions()["general"] == NEWER
    return small, id_, lambda: recently_used(azure.pool_upgrade_profile(*names))


def test_a_pool_goes_back_once(upgraded):
    small, id_, recent = upgraded
    assert list(recent()) == [v(START)]
    roll_back(id_, back())
    assert small.versions()["general"] == START
    assert small.moves()[-1] == ("general", NEWER, START)
    roll_back(id_, back())  # it is there: nothing is asked
    assert recent() == {}
    with pytest.raises(AzureError, match=r"names no node image of 1\.35\.4"):
        roll_back(id_, back("1.35.4"))


def test_azure_refuses_while_a_channel_moves_versions(upgraded):
    small, id_, _ = upgraded
    small.cloud.edit(small.cloud.of_type(CLUSTERS)[0].id, {"autoUpgradeProfile": {"upgradeChannel": "patch"}})
    with pytest.raises(AzureError, match=r"OperationNotAllowed: Rolling back .* channel is patch"):
        roll_back(id_, back())
    assert small.versions()["general"] == NEWER
