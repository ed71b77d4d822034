"""What is read of Azure, by the real SDK over real HTTP: whole, partial, malformed and refused answers."""

from __future__ import annotations

import time
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.upgrades.builders import v
from upgrades.check.values import Observed, Unseen
from upgrades.model.clusters import Cluster, Pool
from upgrades.model.steps import Duration
from upgrades.observe.azure.clusters import observe
from upgrades.observe.azure.values import cluster_of, resource_id, shaped, upgrades_of, vm_sizes
from upgrades.observe.errors import AzureError
from upgrades.plan.cost import pool_duration

from .arm import SUBSCRIPTION, azure, cluster, pool

PROD = cluster(
    "prod",
    "1.34.9",
    pool("system", "1.34.9", mode="System"),
    pool("general", "1.34.8", nodeImageVersion="AKSUbuntu-2404gen2containerd-202610.01.0"),
    supportPlan="AKSLongTermSupport",
)
LIST = f"/subscriptions/{SUBSCRIPTION}/providers/Microsoft.ContainerService/managedClusters"


def one(arm) -> Observed:
    (found,) = observe(azure(arm))
    assert isinstance(found, Observed)
    return found


def test_a_cluster_with_its_pools_images_and_offers(arm):
    arm.has(PROD)
    arm.offers(PROD, ["1.35.6"], system=[], general=["1.34.9"])
    seen = one(arm)

    assert (seen.cluster.name, seen.cluster.stack, seen.cluster.lts) == ("prod", "rg-prod", True)
    assert seen.cluster.control_plane == v("1.34.9")
    assert [(p.name, p.version, p.mode, p.nodes, p.surge, p.cores) for p in seen.cluster.pools] == [
        ("system", v("1.34.9"), "System", 3, 1, 4),
        ("general", v("1.34.8"), "User", 3, 1, 4),
    ]
    assert seen.offered == {
        "control plane": {v("1.35.6")},
        "system": frozenset(),
        "general": {v("1.34.9")},
    }
    assert seen.images["general"].endswith("202610.01.0")
    assert seen.newest_images["general"].endswith("202611.20.0")
    assert seen.unread == {}


def test_pools_of_every_kind_have_the_shape_that_azure_tells():
    sizes = [{"count": 2, "size": "Standard_D4s_v5"}, {"count": 3, "size": "Standard_D8s_v5"}]
    blue = {"upgradeStrategy": "BlueGreen", "upgradeSettingsBlueGreen": {"finalSoakDurationInMinutes": 90}}
    item = cluster(
        "aks",
        "1.35.6",
        pool("auto", "1.35.6", count=24, maxCount=30, upgradeSettings={"maxSurge": "33%"}),
        pool("empty", "1.35.6", count=0),
        pool("vms", "1.35.6", count=None, vmSize=None, virtualMachineNodesStatus=sizes, upgradeSettings=None),
        pool("away", "1.35.6", upgradeSettings={"maxSurge": "0", "maxUnavailable": "2"}),
        pool("blue", "1.35.6", count=4, **blue),
        pool("soaking", "1.35.6", upgradeStrategy="BlueGreen"),
    )
    found = cluster_of(item)[0]
    shapes = {one.name: (one.nodes, one.surge, one.most, one.max_unavailable) for one in found.pools}
    assert shapes == {
        "auto": (24, 8, 30, ""),
        "empty": (0, 0, 0, ""),
        "vms": (5, 1, 0, ""),
        "away": (3, 0, 0, "2"),
        "blue": (4, 4, 0, ""),
        "soaking": (3, 3, 0, ""),
    }
    assert [(one.blue_green, one.final_soak_minutes) for one in found.pools[3:]] == [
        (False, 0),
        (True, 90),
        (True, 60),
    ]
    assert (found.subscription, found.resource_group) == (SUBSCRIPTION, "rg-aks")
    assert found.pool("vms").cores == 8, "the largest of its sizes"
    both = ("Standard_D4s_v5", "Standard_D8s_v5")
    assert (vm_sizes(item)["vms"], vm_sizes(item)["auto"]) == ((both, False), (("Standard_D4ds_v5",), False))


@pytest.mark.parametrize(
    ("said", "expected", "longest"),
    [
        (None, 5 + 10 * (2 + 15) + 60, 5 + 10 * (30 + 15) + 60),
        (
            {
                "drainBatchSize": "50%",
                "batchSoakDurationInMinutes": 30,
                "drainTimeoutInMinutes": 45,
                "finalSoakDurationInMinutes": 120,
            },
            5 + 2 * (2 + 30) + 120,
            5 + 2 * (45 + 30) + 120,
        ),
        ({"drainBatchSize": "3", "batchSoakDurationInMinutes": 0}, 5 + 4 * 2 + 60, 5 + 4 * 30 + 60),
    ],
)
def test_a_blue_green_pool_takes_its_batches_with_the_soak_after_each(said, expected, longest):
    item = cluster(
        "aks",
        "1.35.6",
        pool(
            "general",
            "1.35.6",
            count=10,
            upgradeStrategy="BlueGreen",
            upgradeSettingsBlueGreen=said,
            upgradeSettings={"drainTimeoutInMinutes": 5, "nodeSoakDurationInMinutes": 7},
        ),
    )
    stack = Cluster("aks", "dev", v("1.35.6"), (Pool("general", v("1.35.6"), soak_minutes=9),))
    for found in (cluster_of(item)[0], shaped(stack, item)):
        assert pool_duration(found.pool("general")) == Duration(expected, longest)


CNI = {"networkPlugin": "azure"}


@pytest.mark.parametrize(
    ("network", "of_pool", "addresses"),
    [
        (None, {}, 1),
        ({"networkPlugin": "kubenet"}, {"maxPods": 110}, 1),
        ({"networkPlugin": "none"}, {}, 1),
        ({**CNI, "networkPluginMode": "overlay"}, {"maxPods": 250}, 1),
        (CNI, {"podSubnetID": "x"}, 1),
        (CNI, {}, 31),
        (CNI, {"maxPods": 50}, 51),
    ],
)
def test_a_node_takes_an_address_for_each_pod_where_these_are_of_its_subnet(network, of_pool, addresses):
    item = cluster("aks", "1.35.6", pool("general", "1.35.6", **of_pool), networkProfile=network)
    assert cluster_of(item)[0].pool("general").node_addresses == addresses
    stack = Cluster("aks", "dev", v("1.35.6"), (Pool("general", v("1.35.6")),))
    assert shaped(stack, item).pool("general").node_addresses == addresses


def test_a_stacks_pools_take_the_nodes_they_have_now():
    item = cluster("aks", "1.35.6", pool("general", "1.35.6", count=24, upgradeStrategy="BlueGreen"))
    plain = Pool("general", v("1.35.6"), nodes=3, surge=1, max_surge="33%", most=30)
    (seen, other) = shaped(
        Cluster("aks", "dev", v("1.35.6"), (plain, Pool("other", v("1.35.6")))), item
    ).pools
    assert (seen.nodes, seen.surge, seen.blue_green, seen.most) == (24, 24, True, 30)
    assert other == Pool("other", v("1.35.6"))


@pytest.mark.parametrize("surge", ["many", "10 %", "-1"])
def test_a_surge_that_is_no_number_is_a_message(surge):
    item = cluster("aks", "1.35.6", pool("general", "1.35.6", upgradeSettings={"maxSurge": surge}))
    with pytest.raises(ValueError, match="is no number of nodes"):
        cluster_of(item)


def test_every_page_of_the_list_is_read(arm):
    second = cluster("second", "1.35.6")
    arm.put(LIST, {"value": [PROD], "nextLink": f"{arm.url}/more?page=2"})
    arm.put("/more", {"value": [second]})
    found = observe(azure(arm))
    assert [item.cluster.name for item in found if isinstance(item, Observed)] == ["prod", "second"]


def test_a_resource_group_of_the_subscription(arm):
    path = LIST.replace("/providers/", "/resourceGroups/rg-prod/providers/")
    arm.put(path, {"value": [PROD]})
    (found,) = observe(azure(arm), "rg-prod")
    assert isinstance(found, Observed)


def test_an_operation_under_way_is_seen(arm):
    arm.has(cluster("busy", "1.35.6", pool("general", "1.35.6", provisioningState="Upgrading")))
    assert one(arm).operations == ("general: Upgrading",)


def test_previews_are_not_offered():
    upgrades = [{"kubernetesVersion": "1.36.2"}, {"kubernetesVersion": "1.37.0", "isPreview": True}]
    profile = {"properties": {"controlPlaneProfile": {"upgrades": upgrades}}}
    assert upgrades_of(profile) == {"control plane": {v("1.36.2")}}


@pytest.mark.parametrize(
    "answer", [(403, {"error": {"code": "AuthorizationFailed", "message": "no right"}}), (200, b"{")]
)
def test_a_part_that_cannot_be_read_is_unread_and_the_rest_stands(arm, answer):
    arm.has(PROD)
    arm.offers(PROD, ["1.35.6"], system=[], general=["1.34.9"])
    arm.put(f"{PROD['id']}/agentPools/general/upgradeProfiles/default", answer)
    seen = one(arm)
    assert list(seen.unread) == ["the upgrades of pool general"]
    assert "general" not in seen.offered
    assert seen.offered["control plane"] == {v("1.35.6")}


def test_a_cluster_that_cannot_be_read_is_unseen_and_the_others_stand(arm):
    broken = cluster("broken", "1.35", pool("a", ""), pool("b", "latest"))
    arm.has(broken, PROD)
    first, second = observe(azure(arm))
    assert isinstance(first, Unseen)
    for words in (
        "control plane: '1.35' names no patch",
        "pool a: names no version",
        "pool b: 'latest' is not",
    ):
        assert words in first.why
    assert isinstance(second, Observed)


@pytest.mark.parametrize("status", [408, 409, 429, 500, 502, 503, 504])
def test_what_fails_by_itself_is_asked_again(arm, status):
    passing = (status, {"error": {"code": "Busy", "message": "later"}}, {"Retry-After": "0"})
    arm.put(LIST, [passing, passing, {"value": [PROD]}])
    assert len(observe(azure(arm))) == 1
    assert len([path for path in arm.asked if path.startswith(LIST)]) == 3


@pytest.mark.parametrize("status", [400, 401, 403, 404])
def test_a_refusal_is_not_asked_again(arm, status):
    arm.put(LIST, (status, {"error": {"code": "Refused", "message": "you may not\nread this"}}))
    with pytest.raises(AzureError, match=rf"Azure answered {status}: .*you may not"):
        observe(azure(arm))
    assert len(arm.asked) == 1


def test_an_answer_that_takes_too_long_is_asked_for_again(arm):
    arm.put(LIST, [("wait", 0.6), {"value": [PROD]}])
    assert len(observe(azure(arm, timeout=0.2))) == 1
    arm.put(LIST, ("wait", 0.6))
    with pytest.raises(AzureError, match="no answer came in time"):
        observe(azure(arm, timeout=0.05))


def test_it_waits_as_long_as_azure_says(arm):
    arm.put(LIST, [(429, {"error": {"code": "TooManyRequests"}}, {"Retry-After": "1"}), {"value": []}])
    begun = time.monotonic()
    observe(azure(arm))
    assert time.monotonic() - begun >= 1


def test_it_waits_until_the_date_that_azure_says(arm):
    soon = format_datetime(datetime.now(UTC) + timedelta(seconds=2), usegmt=True)
    arm.put(LIST, [(503, {}, {"Retry-After": soon}), {"value": [PROD]}])
    begun = time.monotonic()
    assert len(observe(azure(arm))) == 1
    assert time.monotonic() - begun >= 0.9  # dates have whole seconds


@pytest.mark.parametrize("said", ["Thu, 01 Jan 2026 00:00:00 GMT", "0", "soon", "-5", ""])
def test_a_wait_that_is_over_or_tells_nothing_holds_nobody_up(arm, said):
    arm.put(LIST, [(429, {}, {"Retry-After": said}), {"value": [PROD]}])
    assert len(observe(azure(arm))) == 1


@pytest.mark.parametrize("said", ["3600", "Fri, 01 Jan 2100 00:00:00 GMT"])
def test_a_wait_that_is_too_long_for_whoever_asked_is_told(arm, said):
    arm.put(
        LIST, (429, {"error": {"code": "TooManyRequests", "message": "slow down"}}, {"Retry-After": said})
    )
    with pytest.raises(AzureError, match="429: TooManyRequests: slow down"):
        observe(azure(arm))
    assert len(arm.asked) == 1


@pytest.mark.parametrize("status", [400, 403, 404])
def test_a_refusal_is_final_though_it_says_when_to_come_back(arm, status):
    arm.put(LIST, (status, {"error": {"code": "Refused", "message": "no"}}, {"Retry-After": "0"}))
    with pytest.raises(AzureError, match=str(status)):
        observe(azure(arm))
    assert len(arm.asked) == 1


def test_nothing_but_get_leaves(arm):
    """The SDK would answer this one by registering the provider, which is a change."""
    message = "The subscription is not registered to use namespace 'Microsoft.ContainerService'."
    arm.put(LIST, (409, {"error": {"code": "MissingSubscriptionRegistration", "message": message}}))
    with pytest.raises(AzureError, match="changes nothing"):
        observe(azure(arm))
    assert {method for method, _ in arm.methods} == {"GET"}


def test_it_gives_up_in_the_end(arm):
    arm.put(LIST, (503, {"error": {"code": "Busy", "message": "later"}}, {"Retry-After": "0"}))
    with pytest.raises(AzureError, match="later"):
        observe(azure(arm))


@pytest.mark.parametrize(
    "body", [b"", b"<html>", b"[]", b'{"value": 7}', b'{"value": ["x"]}', b'{"value": [{}]}']
)
def test_an_answer_of_no_use_is_a_message(arm, body):
    arm.put(LIST, (200, body))
    try:
        found = observe(azure(arm))
    except AzureError as error:
        found = [Unseen("", "", str(error))]
    assert all(isinstance(item, Unseen) and item.why and "\n" not in item.why for item in found)


def test_nobody_answers():
    with pytest.raises(AzureError, match="Azure cannot be reached: the connection was refused"):
        azure("http://127.0.0.1:9").clusters()


def test_an_id_of_something_else():
    with pytest.raises(ValueError, match="not the resource id"):
        resource_id("/subscriptions/x/resourceGroups/y")


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["name", "id", "agentPoolProfiles", "upgradeSettings", "maxSurge", "count"]),
            inner,
            max_size=3,
        )
    ),
    max_leaves=8,
)


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(JSON, st.sampled_from(["properties", "agentPoolProfiles", "pool", "id", "upgradeSettings", "count"]))
def test_whatever_azure_answers_it_is_read_or_refused_with_a_message(value, place):
    item = cluster("c", "1.35.6", pool("a", "1.35.6"))
    if place in item:
        item[place] = value
    elif place == "pool":
        item["properties"]["agentPoolProfiles"].append(value)
    elif place == "agentPoolProfiles":
        item["properties"][place] = value
    else:
        item["properties"]["agentPoolProfiles"][0][place] = value
    with suppress(ValueError):  # nothing else
        assert cluster_of(item)[0].control_plane == v("1.35.6")
