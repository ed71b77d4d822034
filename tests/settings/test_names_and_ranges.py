"""Identifiers, names and ranges that have a shape or a place already taken."""

from datetime import timedelta

import pytest

from settings.checks.cluster.environment import promised
from tests.settings.helpers import TODAY, Case, good, read, refuse

CLUSTER, NETWORK, TAGS, AUDIT = (
    "secure-aks:cluster",
    "secure-aks:network",
    "secure-aks:tags",
    "secure-aks:audit",
)
RULE = "secure-aks:teams[1].customRoles[0].rules[0]"
ID = "/subscriptions/11111111-2222-3333-4444-555555555555/resourceGroups/{}/providers/Microsoft.{}"
NODES = ID.format("g", "Network/virtualNetworks/{}/subnets/{}")
HUB = ID.format("{}", "Network/virtualNetworks/hub")
METRICS = ID.format("g", "Monitor/accounts/metrics")
ZONE = ID.format("dns", "Network/privateDnsZones/{}")


def existing(name="nodes", cidr="10.60.0.0/24", network="v", spaces=("10.60.0.0/16",), id_=None):
    subnet = {"id": id_ or NODES.format(network, name), "cidr": cidr}
    return {"network": {"existing": {"subnets": [subnet], "addressSpaces": list(spaces)}}}


def public(*ranges):
    return {"cluster.apiServer": {"access": "ip-restricted", "authorizedIpRanges": list(ranges)}}


def role(**changes):
    rule = {"resources": ["configmaps"], "verbs": ["get", "update"]} | changes
    return {"teams[1].customRoles[0].rules": [rule]}


def exempt(**changes):
    exemption = {
        "rule": "pod-privileged",
        "resource": {"name": "legacy"},
        "reason": "until it is gone",
        "until": "2027-01-31",
    }
    return {"exemptions": [exemption | changes]}


CASES = [
    *(
        Case(f"nodes in {cidr}", {"network.addressSpace": cidr}, f"{NETWORK}.addressSpace", why, "another private range")
        for cidr, why in (
            ("127.0.0.0/8", "never leaves a machine"), ("224.0.0.0/4", "multicast"), ("240.0.0.0/4", "reserved"),
            ("168.63.129.0/24", "Azure's own address"), ("0.0.0.0/8", "this network"), ("172.30.0.0/16", "AKS keeps"),
        )
    ),
    Case("pods on the loopback", {"cluster.podCidr": "127.0.0.0/16"}, f"{CLUSTER}.podCidr", "never leaves a machine", "10.0.0.0/8"),
    Case("services that are multicast", {"cluster.serviceCidr": "239.0.0.0/16"}, f"{CLUSTER}.serviceCidr", "multicast", "10.0.0.0/8"),
    Case("nodes among gateways", existing("GatewaySubnet"), f"{NETWORK}.existing.subnets[0].id", "a service of Azure's own", "there for nodes"),
    Case("nodes among firewalls", existing("azurefirewallsubnet"), f"{NETWORK}.existing.subnets[0].id", "a service of Azure's own", "there for nodes"),
    Case("a long network", existing(network="v" * 64), f"{NETWORK}.existing.subnets[0].id", "virtual network is a label of every node", "63 characters"),
    Case("a subnet outside of its network", existing(cidr="10.61.0.0/24"), f"{NETWORK}.existing.subnets[0].cidr", "in none of the network's address spaces", "add its space"),
    Case("no address space", {"network": {"existing": {"subnets": [{"id": NODES.format("v", "n"), "cidr": "10.60.0.0/24"}]}}}, f"{NETWORK}.existing.addressSpaces", "required", "addressSpaces"),
    Case("services in another subnet", existing() | {"cluster.serviceCidr": "10.60.240.0/24"}, f"{CLUSTER}.serviceCidr", "overlaps 10.60.0.0/16 of network.existing.addressSpaces[0]", "apart"),
    Case("pods in a peered network", {"network.rangesInUse": ["10.192.0.0/10"]}, f"{CLUSTER}.podCidr", "overlaps 10.192.0.0/10 of network.rangesInUse[0]", "apart"),
    Case("a subscription that is none", existing(id_="/subscriptions/s/resourceGroups/g/providers/Microsoft.Network/virtualNetworks/v/subnets/n"), f"{NETWORK}.existing.subnets[0].id", "not the id of a subnet", "/subscriptions/<id>"),
    Case("a zone of one word", {"cluster.apiServer.privateDnsZone": "foo"}, f"{CLUSTER}.apiServer.privateDnsZone", "neither system, none nor", "write system"),
    Case("no zone at all", {"cluster.apiServer.privateDnsZone": ""}, f"{CLUSTER}.apiServer.privateDnsZone", "neither system, none nor", "write system"),
    Case("a zone of another name", {"cluster.apiServer.privateDnsZone": ZONE.format("contoso.com")}, f"{CLUSTER}.apiServer.privateDnsZone", "no private DNS zone called contoso.com", "privatelink.<region>"),
    Case("a workspace of one word", {"audit": {"workspaceId": "foo"}}, f"{AUDIT}.workspaceId", "not the resource id of a Log Analytics workspace", "Microsoft.OperationalInsights/workspaces/<name>"),
    Case("a workspace of another kind", {"audit": {"workspaceId": ID.format("g", "Monitor/accounts/w")}}, f"{AUDIT}.workspaceId", "not the resource id", "Microsoft.OperationalInsights"),
    Case("an audit log twice", {"audit": {"categories": ["kube-audit", "guard", "kube-audit-admin"]}}, f"{AUDIT}.categories[2]", "contains all of kube-audit-admin", "remove kube-audit-admin"),
    Case("a category twice", {"audit": {"categories": ["kube-audit", "guard", "guard"]}}, f"{AUDIT}.categories[2]", "named twice", "once"),
    Case("a long cluster", {"cluster.name": "a" * 55}, f"{CLUSTER}.name", "54 characters, and it has 55", "54 characters at most"),
    Case("a cluster whose metrics have no name", {"cluster.name": "a" * 41, "cluster.monitoring.prometheus": {"workspace": METRICS}}, f"{CLUSTER}.name", "45 characters, and Azure takes 44", "40 characters at most, or remove `monitoring.prometheus`"),
    Case("a long group of the network", {"cluster.resourceGroup": "r" * 64, "cluster.nodeResourceGroup": "n"}, f"{CLUSTER}.resourceGroup", "a label of every node, and its name has 64 characters", "63 characters at most"),
    Case("a long group that exists", {"cluster.existingResourceGroup": "r" * 64, "cluster.nodeResourceGroup": "n"}, f"{CLUSTER}.existingResourceGroup", "a label of every node", "63 characters at most"),
    Case("two hubs of one name", {"cluster.apiServer.privateDnsZone": "none", "network.peerings": [{"network": HUB.format(group)} for group in ("north", "south")]}, f"{NETWORK}.peerings[1].network", "secure-aks:network.peerings[0].network is a network called hub too", "az network vnet peering create"),
    Case("a long group of nodes", {"cluster.nodeResourceGroup": "a" * 81}, f"{CLUSTER}.nodeResourceGroup", "81 characters, and AKS takes 80", "80 characters"),
    Case("a long group that AKS names", {"cluster.resourceGroup": "r" * 63}, f"{CLUSTER}.nodeResourceGroup", "'MC_rrr", "80 characters"),
    Case("a padded version", {"systemPool.version": "1.35.06"}, "secure-aks:systemPool.version", "writes the version '1.35.06' as 1.35.6", "write 1.35.6"),
    Case("two tags for Azure's one", {"tags": {"Owner": "a", "owner": "b"}}, f"{TAGS}.owner", "'owner' and 'Owner' not apart", "remove one"),
    Case("sixty tags", {"tags": {f"t{n}": "x" for n in range(60)}}, TAGS, "takes 50 tags", "keep 49 at most"),
    Case("a tag of Azure's", {"tags": {"azure-thing": "x"}}, f"{TAGS}.azure-thing", "begin with microsoft, azure or windows", "another name"),
    Case("the program's tag", {"tags": {"Environment": "x"}}, f"{TAGS}.Environment", "from `secure-aks:environment`", "remove it"),
    Case("a tag nobody sees", {"tags": {"owner": "a\u202eb"}}, f"{TAGS}.owner", "nobody sees", "leave"),
    Case("a tag of two lines", {"tags": {"owner": "a\nb"}}, f"{TAGS}.owner", "nobody sees", "leave"),
    Case("a group with a NUL", {"teams[0].groups[0].name": "a\0b"}, "secure-aks:teams[0].groups[0].name", "not a name of a group", "one line"),
    Case("a private range for a public server", public("203.0.113.0/24", "192.168.0.0/16"), f"{CLUSTER}.apiServer.authorizedIpRanges[1]", "never seen by a public API server: 192.168.0.0/16 is private", "public addresses"),
    Case("a loopback for a public server", public("127.0.0.1/32"), f"{CLUSTER}.apiServer.authorizedIpRanges[0]", "never seen", "public addresses"),
    Case("a range twice", public("203.0.113.0/24", "203.0.113.0/24"), f"{CLUSTER}.apiServer.authorizedIpRanges[1]", "named twice", "once"),
    Case("a zone of no place", {"nodeUpdates.kured.timeZone": "Factory"}, "secure-aks:nodeUpdates.kured.timeZone", "not a time zone", "Europe/Amsterdam"),
    Case("a zone of other seconds", {"nodeUpdates.kured.timeZone": "right/UTC"}, "secure-aks:nodeUpdates.kured.timeZone", "not a time zone", "Europe/Amsterdam"),
    Case("CPU in bytes", {"teams[0].quota": {"cpu": "32Gi"}}, "secure-aks:teams[0].quota.cpu", "not an amount of CPU", '"64"'),
    Case("no CPU", {"teams[0].quota": {"cpu": "0"}}, "secure-aks:teams[0].quota.cpu", "no amount", '"64"'),
    Case("memory in thousandths", {"teams[0].quota": {"memory": "64m"}}, "secure-aks:teams[0].quota.memory", "not an amount of memory", '"256Gi"'),
    Case("memory of 64 bytes", {"teams[0].quota": {"memory": "64"}}, "secure-aks:teams[0].quota.memory", "is 64 bytes", "16Mi or more"),
    Case("pods without end", {"teams[0].quota": {"pods": 10**9}}, "secure-aks:teams[0].quota.pods", "is not what it takes", "200000"),
    Case("a sentence for a group", role(apiGroups=["not a group!"]), f"{RULE}.apiGroups[0]", "not an API group", "such as apps"),
    Case("a sentence for a resource", role(resources=["Config Maps"]), f"{RULE}.resources[0]", "not a resource", "lower case"),
    Case("an object without a name", role(resourceNames=[""]), f"{RULE}.resourceNames[0]", "not the name of an object", "remove it"),
    *(
        Case(f"{group} {resource}", role(apiGroups=[group], resources=[resource]), f"{RULE}.resources", "changes the limits", "allow get, list and watch only")
        for group, resource in (
            ("cilium.io", "ciliumnetworkpolicies"), ("cilium.io", "ciliumlocalredirectpolicies"), ("cilium.io", "anythingelse"),
            ("projectcalico.org", "networkpolicies"), ("crd.projectcalico.org", "networksets"), ("example.org", "securitynetworkpolicies"),
            ("networking.k8s.io", "networkpolicies"),
        )
    ),
    Case("forced for ever", {"cluster.forceUpgrade": {"until": "2027-11-01", "reason": "x"}}, f"{CLUSTER}.forceUpgrade.until", "would be off for", "or earlier"),
    Case("forced until yesterday", {"cluster.forceUpgrade": {"until": "2026-11-22", "reason": "x"}}, f"{CLUSTER}.forceUpgrade.until", "it ended", "remove `forceUpgrade`"),
    Case("forced for nothing", {"cluster.forceUpgrade": {"until": "2026-11-30", "reason": " "}}, f"{CLUSTER}.forceUpgrade.reason", "nobody would know why", "write why"),
    Case("exempt for ever", exempt(until="2099-12-31"), "secure-aks:exemptions[0].until", "more than a year away", str(TODAY + timedelta(days=366))),
    Case("exempt past the calendar", exempt(until="9999-12-31"), "secure-aks:exemptions[0].until", "nobody plans for 9999-12-31", "2026-12-18"),
    Case("exempt from nothing", exempt(rule="pod-priviledged"), "secure-aks:exemptions[0].rule", "no rule 'pod-priviledged'", "did you mean `pod-privileged`?"),
    *(
        Case(f"wildcard {pattern}", exempt(resource={"name": pattern}), "secure-aks:exemptions[0].resource.name", why, "payments-*")
        for pattern, why in (
            ("[!x]*", "no pattern"), ("[a-z]*", "no pattern"), (".*", "no pattern"), ("*-*", "nearly everything"),
            ("?*?", "bare wildcard"), ("a*", "nearly everything"), ("{a,b}*", "no pattern"), ("*_*", "nearly everything"), ("abc?" * 251, "more than 1000 characters"),
        )
    ),
    Case("a wildcard for the namespace", exempt(resource={"name": "legacy", "namespace": "[!x]*"}), "secure-aks:exemptions[0].resource.namespace", "no pattern", "payments-*"),
    Case("a level of no rule", {"policies": {"security": {"pod-priviledged": "advisory"}}}, "secure-aks:policies.security.pod-priviledged", "no rule 'pod-priviledged'", "did you mean `pod-privileged`?"),
    Case("a level of the other pack's rule", {"policies": {"lifecycle": {"pod-privileged": "advisory"}}}, "secure-aks:policies.lifecycle.pod-privileged", "the lifecycle pack has no rule", "write"),
    Case("days past the calendar", {"maintenance.notAllowed": [{"start": "2026-01-01", "end": "9999-12-31"}]}, "secure-aks:maintenance.notAllowed[0].end", "nobody plans for 9999-12-31", "2020 to 2099"),
    Case("a drain past the calendar", {"nodeUpdates.kured.drainTimeout": "99999999999h"}, "secure-aks:nodeUpdates.kured.drainTimeout", "more than a week", "168h or less"),
    Case("a delay past the clock", {"nodeUpdates.kured.drainDelay": "87600000h"}, "secure-aks:nodeUpdates.kured.drainDelay", "more than a week", "168h or less"),
    Case("a day in the middle", {"maintenance.notAllowed[0].start": "2026-12-18T10:00:00Z"}, "secure-aks:maintenance.notAllowed[0].start", "not a day", "2026-12-18"),
]  # fmt: skip

FINE = {
    "the longest cluster": {"cluster.name": "a" * 54, "cluster.resourceGroup": "r", "cluster.nodeResourceGroup": "n" * 80},
    "a zone of AKS": {"cluster.apiServer.privateDnsZone": ZONE.format("privatelink.westeurope.azmk8s.io")},
    "a subzone of AKS": {"cluster.apiServer.privateDnsZone": ZONE.format("team.privatelink.westeurope.azmk8s.io")},
    "no zone": {"cluster.apiServer.privateDnsZone": "none"},
    "a workspace": {"audit": {"workspaceId": ID.format("logs", "OperationalInsights/workspaces/central")}},
    "49 tags": {"tags": {f"t{n}": "x" for n in range(49)}},
    "thousandths of a core": {"teams[0].quota": {"cpu": "500m", "memory": "1.5Gi"}},
    "reading the limits": role(apiGroups=["cilium.io"], resources=["ciliumnetworkpolicies"], verbs=["get", "list"]),
    "resources of another group": role(apiGroups=["cert-manager.io"], resources=["certificates"], verbs=["create"]),
    "forced for a month": {"cluster.forceUpgrade": {"until": str(TODAY + timedelta(days=30)), "reason": "agreed"}},
    "exempt for a year": exempt(until=str(TODAY + timedelta(days=366))),
    "exempt by the beginning of a name": exempt(resource={"name": "leg*"}),
    "exempt by one whole letter": exempt(resource={"name": "a"}),
    "the longest cluster with metrics": {"cluster.name": "a" * 40, "cluster.monitoring.prometheus": {"workspace": METRICS}},
    "the longest group of a network": {"cluster.resourceGroup": "r" * 63, "cluster.nodeResourceGroup": "n"},
    "the longest group without a network of ours": {**existing(), "cluster.resourceGroup": "r" * 90, "cluster.nodeResourceGroup": "n"},
    "peered ranges side by side": {"network.rangesInUse": ["192.168.0.0/16", "192.168.1.0/24"]},
    "switched off where it is off": {"policies": {"security": {"pod-cpu-limit": "disabled"}}},
    "switched off elsewhere than in prod": {"environment": "dev", "policies": {"security": {"all": "disabled"}}},
}  # fmt: skip


@pytest.mark.parametrize("case", CASES, ids=str)
def test_refused(case):
    refuse(case)


@pytest.mark.parametrize("changes", FINE.values(), ids=FINE)
def test_fine(changes):
    good(changes)


@pytest.mark.parametrize(
    ("written", "said"),
    [("westmars", "did you mean"), ("West Europe", "write one such as"), ("westeurop", "`westeurope`")],
)
def test_regions_that_are_none(written, said):
    _, findings = read(location=written)
    [finding] = [finding for finding in findings if finding.path == "azure-native:location"]
    assert "not the short name of an Azure region" in finding.why
    assert said in finding.remedy or "write one of" in finding.remedy


@pytest.mark.parametrize(
    ("stack", "environments"),
    [
        ("prod", {"prod"}), ("prod-eu", {"prod"}), ("eu_production2", {"prod"}), ("non-prod", set()), ("nonprod", set()),
        ("pre-prod", set()), ("preprod", {"staging"}), ("products", set()), ("europe", set()), ("dev", {"dev"}),
        ("team.staging", {"staging"}), ("dev-prod", {"dev", "prod"}),
    ],
)  # fmt: skip
def test_what_the_name_of_a_stack_promises(stack, environments):
    assert promised(stack) == environments
