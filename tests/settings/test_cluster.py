from ipaddress import IPv4Address

import pytest

from tests.settings.helpers import GONE, Case, good, read, refuse

CLUSTER = "secure-aks:cluster"

CASES = [
    Case("two part version", {"cluster.kubernetesVersion": "1.35"}, f"{CLUSTER}.kubernetesVersion", "not a full version", "all three parts"),
    Case("version as k3s tells it", {"cluster.kubernetesVersion": "v1.33.5+k3s1"}, f"{CLUSTER}.kubernetesVersion", "says who built", "write 1.33.5"),
    Case("version as a number", {"cluster.kubernetesVersion": 1.35}, f"{CLUSTER}.kubernetesVersion", "1.35 is not a full version", "all three parts"),
    Case("no version at all", {"cluster.kubernetesVersion": GONE}, f"{CLUSTER}.kubernetesVersion", "required", "add `kubernetesVersion`: a full version"),
    Case("name", {"cluster.name": "AKS Prod"}, f"{CLUSTER}.name", "not a DNS label", "63 of a-z"),
    Case("resource group", {"cluster.resourceGroup": "rg-prod."}, f"{CLUSTER}.resourceGroup", "not a name of a resource group", "without a '.' at the end"),
    Case("node resource group is the cluster's", {"cluster.nodeResourceGroup": "RG-aks"}, f"{CLUSTER}.nodeResourceGroup", "cannot be the cluster's", "another name"),
    Case("lts on standard", {"cluster.supportPlan": "AKSLongTermSupport"}, f"{CLUSTER}.supportPlan", "part of the tier Premium", "`tier: Premium`"),
    Case("tenant", {"cluster.tenantId": "contoso.onmicrosoft.com"}, f"{CLUSTER}.tenantId", "not an object id", "write the GUID"),
    Case("image cleaner", {"cluster.imageCleanerHours": 1}, f"{CLUSTER}.imageCleanerHours", "1 is not what it takes", "24 to 2160"),
    Case("flag as text", {"cluster.defender": "on please"}, f"{CLUSTER}.defender", "'on please' is not what it takes", "true or false"),
    Case("login", {"cluster.login": "azure-cli"}, f"{CLUSTER}.login", "'azure-cli' is not one of its values", "did you mean `azurecli`?"),
    Case("restricted without ranges", {"cluster.apiServer": {"access": "ip-restricted"}}, f"{CLUSTER}.apiServer.authorizedIpRanges", "let everybody in", "name the networks"),
    Case("restricted to the world", {"cluster.apiServer": {"access": "ip-restricted", "authorizedIpRanges": ["203.0.113.0/24", "0.0.0.0/0"]}}, f"{CLUSTER}.apiServer.authorizedIpRanges[1]", "restricts nobody", "your own networks"),
    Case("restricted to host bits", {"cluster.apiServer": {"access": "ip-restricted", "authorizedIpRanges": ["203.0.113.7/24"]}}, f"{CLUSTER}.apiServer.authorizedIpRanges[0]", "has host bits set", "write a CIDR"),
    Case("too many ranges", {"cluster.apiServer": {"access": "ip-restricted", "authorizedIpRanges": [f"203.0.113.{n}/32" for n in range(200)]}}, f"{CLUSTER}.apiServer.authorizedIpRanges", "Azure takes 200 ranges, of which", "join"),
    Case("private with ranges", {"cluster.apiServer.authorizedIpRanges": ["203.0.113.0/24"]}, f"{CLUSTER}.apiServer.authorizedIpRanges", "mean nothing with access private", "`access: ip-restricted`"),
    Case("public", {"cluster.apiServer.access": "public"}, f"{CLUSTER}.apiServer.access", "anybody on the internet", "exempt `aks` from the rule `public-api-server`"),
    Case("dns zone of a public server", {"cluster.apiServer": {"access": "ip-restricted", "authorizedIpRanges": ["203.0.113.0/24"], "privateDnsZone": "none"}}, f"{CLUSTER}.apiServer.privateDnsZone", "no private DNS zone", "`access: private`"),
    Case("tag name", {"tags": {"a/b": "c"}}, "secure-aks:tags.a/b", "tag names", "leave those characters out"),
    Case("a tag of the policy's and ours", {"policyTags": ["Owner"]}, "secure-aks:policyTags[0]", "sets the tag Owner itself", "remove it here"),
    Case("a tag of no name", {"policyTags": ["a/b"]}, "secure-aks:policyTags[0]", "tag names", "name of the tag"),
    Case("tag too long", {"tags": {"k": "v" * 257}}, "secure-aks:tags.k", "values of 256", "shorten it"),
    Case("tag without quotes", {"tags": {"cost": 4711}}, "secure-aks:tags.cost", "4711 without quotes is a number", 'write "4711"'),
    Case("tag true", {"tags": {"shared": True}}, "secure-aks:tags.shared", "true without quotes", 'write "true"'),
    Case("audit category", {"audit": {"categories": ["kube-audit", "gaurd"]}}, "secure-aks:audit.categories[1]", "'gaurd' is not one", "did you mean `guard`?"),
    Case("cost analysis on the free tier", {"environment": "dev", "cluster.tier": "Free", "cluster.addons.costAnalysis": True}, f"{CLUSTER}.addons.costAnalysis", "Standard and Premium", "`tier: Standard`"),
    Case("rotation never", {"cluster.addons.keyVaultSecrets": {"rotationMinutes": 0}}, f"{CLUSTER}.addons.keyVaultSecrets.rotationMinutes", "0 is not what it takes", "1 to 1440"),
    Case("break-glass group without a name", {"cluster.breakGlass": [{"name": " "}]}, f"{CLUSTER}.breakGlass[0].name", "not a name of a group", "without blanks"),
]  # fmt: skip

FINE = {
    "the widest range": {"cluster.apiServer": {"access": "ip-restricted", "authorizedIpRanges": ["198.0.0.0/8"]}},
    "the most ranges": {"cluster.apiServer": {"access": "ip-restricted", "authorizedIpRanges": [f"203.0.113.{n}/32" for n in range(199)]}},
    "the longest tag": {"tags": {"k" * 512: "v" * 256}},
    "a group of the nodes": {"cluster.nodeResourceGroup": "rg-nodes"},
}  # fmt: skip


@pytest.mark.parametrize("case", CASES, ids=str)
def test_refused(case):
    refuse(case)


@pytest.mark.parametrize("changes", FINE.values(), ids=FINE)
def test_fine(changes):
    good(changes)


def test_location_is_the_short_name_of_a_region():
    _, [finding] = read(location="West Europe")
    assert finding.path == "azure-native:location"
    assert "westeurope" in finding.remedy


def test_location_is_required():
    _, [finding] = read(location=None)
    assert finding.path == "azure-native:location"
    assert finding.remedy == "add `azure-native:location`: text"


def test_lts_needs_the_premium_tier_only():
    cluster = good({"cluster.supportPlan": "AKSLongTermSupport", "cluster.tier": "Premium"}).cluster
    assert cluster.is_lts


def test_derived_values():
    cluster = good().cluster
    assert str(cluster.kubernetes_version) == "1.35.6"
    assert cluster.resource_group_name == "rg-aks"
    assert cluster.dns_ip == IPv4Address("10.0.0.10")
    assert cluster.defender
    assert cluster.azure_policy
