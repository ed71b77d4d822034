"""The way out: by the API's shape, and nothing of ours undone."""

import json
import re
from typing import Any, get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from settings.facts.azure_api import FILE, Resource, members, properties
from settings.facts.data_files import read as read_data
from settings.facts.ours import ours, owner
from settings.fields.id_names import misnamed
from settings.not_ours import not_ours
from settings.reading import kinds
from settings.reading.explain import aliases
from settings.sections.stack import StackSettings
from tests.settings.helpers import GONE, Case, good, read, refuse

CLUSTER, POOL, NETWORK = "secure-aks:cluster.extra", "secure-aks:pools[0].extra", "secure-aks:network.extra"


ZONE = "/subscriptions/11111111-2222-3333-4444-555555555555/resourceGroups/dns/providers/Microsoft.Network/privateDnsZones/privatelink.westeurope.azmk8s.io"


GROUP = "/subscriptions/11111111-2222-3333-4444-555555555555/resourceGroups/net/providers/Microsoft.Network/applicationSecurityGroups/web"
PLAN = "/subscriptions/11111111-2222-3333-4444-555555555555/resourceGroups/net/providers/Microsoft.Network/ddosProtectionPlans/plan"
HUB = "/subscriptions/11111111-2222-3333-4444-555555555555/resourceGroups/hub/providers/Microsoft.Network/virtualNetworks/hub/subnets/aks"
OWN_NETWORK = {
    "network": {
        "existing": {"subnets": [{"id": HUB, "cidr": "10.1.0.0/20"}], "addressSpaces": ["10.1.0.0/16"]}
    }
}
KMS = {"azureKeyVaultKms": {"enabled": True, "keyId": f"https://vault.vault.azure.net/keys/etcd/{'0' * 32}"}}
ADOPTED = {"cluster.adopted": {"dnsPrefix": "old"}}
PORTS = f"{POOL}.networkProfile.allowedHostPorts[0]"


def ports(**range_):
    return {"pools[0].extra": {"networkProfile": {"allowedHostPorts": [range_]}}}


def cluster(**extra):
    return {"cluster.extra": extra}


CASES = [
    Case("unknown property", cluster(fqdnSubdomian="x"), f"{CLUSTER}.fqdnSubdomian", "a cluster of the API 2025-09-01 has no such", "did you mean `fqdnSubdomain`?"),
    Case("another case", cluster(fqdnSubDomain="x"), f"{CLUSTER}.fqdnSubDomain", "no such property", "did you mean `fqdnSubdomain`?"),
    Case("unknown property inside", cluster(extendedLocation={"nam": "x"}), f"{CLUSTER}.extendedLocation.nam", "Azure's ExtendedLocation has no such", "did you mean `name`?"),
    Case("unknown property in a list", cluster(privateLinkResources=[{"nam": "x"}]), f"{CLUSTER}.privateLinkResources[0].nam", "no such", "did you mean `name`?"),
    Case("value that is none", cluster(networkProfile={"networkMode": "fast"}), f"{CLUSTER}.networkProfile.networkMode", "'fast' is not one of its values", "`transparent`"),
    Case("number for text", cluster(extendedLocation={"name": 600}), f"{CLUSTER}.extendedLocation.name", "without quotes 600 is a number", 'write "600"'),
    Case("true for text", cluster(extendedLocation={"name": True}), f"{CLUSTER}.extendedLocation.name", "without quotes true is true or false", 'write "true"'),
    Case("true for a number", cluster(networkProfile={"loadBalancerProfile": {"managedOutboundIPs": {"countIPv6": True}}}), f"{CLUSTER}.networkProfile.loadBalancerProfile.managedOutboundIPs.countIPv6", "it is true or false", "write a whole number"),
    Case("text for a flag", cluster(addonProfiles={"aciConnectorLinux": {"enabled": "yes"}}), f"{CLUSTER}.addonProfiles.aciConnectorLinux.enabled", "it is text", "true or false"),
    Case("text for a mapping", cluster(extendedLocation="on"), f"{CLUSTER}.extendedLocation", "it is text", "a mapping with keys such as `name`"),
    Case("empty", cluster(extendedLocation=None), f"{CLUSTER}.extendedLocation", "takes nothing away", "a mapping"),
    Case("item of a list", cluster(networkProfile={"ipFamilies": ["IPv4", 1]}), f"{CLUSTER}.networkProfile.ipFamilies[1]", "without quotes 1 is a number", 'write "1"'),
    Case("two spellings of an add-on", cluster(addonProfiles={"aciConnectorLinux": {"enabled": True}, "aciConnectorlinux": {"enabled": False}}), f"{CLUSTER}.addonProfiles.aciConnectorlinux", "not apart", "remove one"),
    Case("image integrity", cluster(imageIntegrity={"enabled": True}), f"{CLUSTER}.imageIntegrity", "audits only", "remove it"),
    Case("a section of ours", cluster(autoScalerProfile={"expander": "random"}), f"{CLUSTER}.autoScalerProfile.expander", "follows from `secure-aks:cluster.autoscaler.expander`", "write `secure-aks:cluster.autoscaler.expander`"),
    Case("a list of ours", cluster(serviceMeshProfile={"istio": {"components": {"ingressGateways": [{"enabled": True, "mode": "External"}]}}}), f"{CLUSTER}.serviceMeshProfile.istio.components.ingressGateways", "follows from `secure-aks:cluster.mesh.ingressGateways`", "remove it"),
    Case("unsafe sysctls", {"pools[0].extra": {"kubeletConfig": {"allowedUnsafeSysctls": ["net.*"]}}}, f"{POOL}.kubeletConfig.allowedUnsafeSysctls", "changes the node for every other pod", "remove it"),
    Case("of a pool's section", {"pools[0].extra": {"linuxOSConfig": {"sysctls": {"vmSwappiness": 10}}}}, f"{POOL}.linuxOSConfig.sysctls.vmSwappiness", "follows from `secure-aks:pools[0].linux.sysctls`", "remove it"),
    Case("ours, by a setting", cluster(kubernetesVersion="1.36.2"), f"{CLUSTER}.kubernetesVersion", "follows from `secure-aks:cluster.kubernetesVersion`", "write `secure-aks:cluster.kubernetesVersion`"),
    Case("ours, and the same", cluster(disableLocalAccounts=True), f"{CLUSTER}.disableLocalAccounts", "same for every cluster here: the local admin", "remove it"),
    Case("ours, and undone", cluster(disableLocalAccounts=False), f"{CLUSTER}.disableLocalAccounts", "belongs to nobody", "remove it"),
    Case("ours, inside", cluster(aadProfile={"managed": False}), f"{CLUSTER}.aadProfile.managed", "certificates that nobody can revoke", "remove it"),
    Case("ours, though not sent here", cluster(apiServerAccessProfile={"authorizedIPRanges": ["203.0.113.0/24"]}), f"{CLUSTER}.apiServerAccessProfile.authorizedIPRanges", "follows from", "cluster.apiServer.authorizedIpRanges"),
    Case("ours, around", cluster(aadProfile={}), f"{CLUSTER}.aadProfile", "says nothing", "remove it"),
    Case("ours, in another case", cluster(addonProfiles={"AzurePolicy": {"enabled": False}}), f"{CLUSTER}.addonProfiles.AzurePolicy.enabled", "cluster.azurePolicy", "remove it"),
    Case("a password", cluster(windowsProfile={"adminPassword": "hunter2"}), f"{CLUSTER}.windowsProfile.adminPassword", "nobody knows", "remove it"),
    Case("automatic", cluster(sku={"name": "Automatic"}), f"{CLUSTER}.sku.name", "AKS Automatic chooses versions", "beside this program"),
    Case("deployment safeguards", cluster(safeguardsProfile={"level": "Enforcement"}), f"{CLUSTER}.safeguardsProfile", "`az aks safeguards create`", "remove it"),
    Case("deployment safeguards, as a key", {"cluster.safeguards": {"level": "Warn"}}, "secure-aks:cluster.safeguards", "kured and the profile loaders", "remove it"),
    Case("automatic, as a key", {"cluster.automatic": True}, "secure-aks:cluster.automatic", "judged by its policy packs alone", "remove it"),
    Case("pods in a subnet, as a key", {"pools[0].podSubnet": "x"}, "secure-aks:pools[0].podSubnet", "overlay network", "remove it"),
    Case("an add-on that has a setting", cluster(workloadAutoScalerProfile={"keda": {"enabled": True}}), f"{CLUSTER}.workloadAutoScalerProfile.keda.enabled", "follows from `secure-aks:cluster.addons.keda`", "remove it"),
    Case("a channel", cluster(autoUpgradeProfile={"upgradeChannel": "stable"}), f"{CLUSTER}.autoUpgradeProfile.upgradeChannel", "fights the version", "remove it"),
    Case("of a pool, by a setting", {"pools[0].extra": {"osDiskSizeGB": 128}}, f"{POOL}.osDiskSizeGB", "follows from `secure-aks:pools[0].osDiskGb`", "write `secure-aks:pools[0].osDiskGb`"),
    Case("of a pool, fixed", {"pools[0].extra": {"enableNodePublicIP": True}}, f"{POOL}.enableNodePublicIP", "past every load balancer", "remove it"),
    Case("of the system pool", {"systemPool.extra": {"vmSize": "Standard_D2ds_v5"}}, "secure-aks:systemPool.extra.vmSize", "follows from `secure-aks:systemPool.vmSize`", "write `secure-aks:systemPool.vmSize`"),
    Case("of the network, by a setting", {"network.extra": {"addressSpace": {"addressPrefixes": ["10.0.0.0/8"]}}}, f"{NETWORK}.addressSpace.addressPrefixes", "follows from `secure-aks:network.addressSpace`", "remove it"),
    Case("of the network's subnets", {"network.extra": {"subnets": []}}, f"{NETWORK}.subnets", "secure-aks:network.subnets", "remove it"),
    Case("of the network profile", {"network.extra": {"loadBalancerProfile": {}}}, f"{NETWORK}.loadBalancerProfile", "the cluster's network profile", "`extra: {networkProfile: {loadBalancerProfile: ...}}`"),
    Case("an add-on beside one of ours", cluster(addonProfiles={"azurepolicy ": {"enabled": False}}), f"{CLUSTER}.addonProfiles.azurepolicy ", "AKS has no add-on 'azurepolicy '", "`ACCSGXDevicePlugin`, `aciConnectorLinux` or `ingressApplicationGateway`"),
    Case("an add-on in another script", cluster(addonProfiles={"azurepol\u0130cy": {"enabled": False}}), f"{CLUSTER}.addonProfiles.azurepol\u0130cy", "AKS has no add-on", "write"),
    Case("no add-on", cluster(addonProfiles={"aciConnectorLinus": {"enabled": True}}), f"{CLUSTER}.addonProfiles.aciConnectorLinus", "AKS has no add-on", "did you mean `aciConnectorLinux`?"),
    Case("a retired add-on", cluster(addonProfiles={"openServiceMesh": {"enabled": True}}), f"{CLUSTER}.addonProfiles.openServiceMesh.enabled", "the add-on is retired", "remove it"),
    Case("one level too high", cluster(networkMode="bridge"), f"{CLUSTER}.networkMode", "no such property", "write it below `networkProfile`"),
    Case("as in a template", cluster(properties={"networkProfile": {"networkMode": "bridge"}}), f"{CLUSTER}.properties", "one level up", "remove it"),
    Case("what Azure tells alone", cluster(currentKubernetesVersion="1.36.2"), f"{CLUSTER}.currentKubernetesVersion", "no such property", "kubernetesVersion"),
    Case("of a later API", cluster(schedulerProfile={"x": 1}), f"{CLUSTER}.schedulerProfile", "a cluster of the API 2025-09-01 has no such", "did you mean"),
    Case("of automatic clusters", cluster(hostedSystemProfile={"enabled": True}), f"{CLUSTER}.hostedSystemProfile", "AKS Automatic chooses versions", "remove it"),
    Case("platform keys", cluster(securityProfile={"kubernetesResourceObjectEncryptionProfile": {"infrastructureEncryption": "Enabled"}}), f"{CLUSTER}.securityProfile.kubernetesResourceObjectEncryptionProfile", "encryption.etcd names one of yours", "remove it"),
    Case("image integrity, where it was", cluster(securityProfile={"imageIntegrity": {"enabled": True}}), f"{CLUSTER}.securityProfile.imageIntegrity", "audits only", "remove it"),
    Case("the SDK's name", cluster(fqdn_subdomain="x"), f"{CLUSTER}.fqdn_subdomain", "no such property", "did you mean `fqdnSubdomain`?"),
    Case("nothing in a list", cluster(privateLinkResources=[None]), f"{CLUSTER}.privateLinkResources[0]", "takes nothing away", "a mapping"),
    Case("a number without end", cluster(networkProfile={"loadBalancerProfile": {"managedOutboundIPs": {"countIPv6": 10**30}}}), f"{CLUSTER}.networkProfile.loadBalancerProfile.managedOutboundIPs.countIPv6", "no number that Azure takes", "write one from 0 to 100"),
    Case("addresses past Azure's bound", cluster(networkProfile={"loadBalancerProfile": {"managedOutboundIPs": {"countIPv6": 101}}}), f"{CLUSTER}.networkProfile.loadBalancerProfile.managedOutboundIPs.countIPv6", "101 is no number", "0 to 100"),
    Case("a time past Azure's bound", {"network.extra": {"flowTimeoutInMinutes": 3}}, f"{NETWORK}.flowTimeoutInMinutes", "3 is no number", "4 to 30"),
    Case("a port past the last", ports(portStart=80, portEnd=65536), f"{PORTS}.portEnd", "65536 is no number", "1 to 65535"),
    Case("a port before the first", ports(portStart=0, portEnd=80), f"{PORTS}.portStart", "0 is no number", "1 to 65535"),
    Case("ports backwards", ports(portStart=90, portEnd=80), f"{PORTS}.portStart", "after its end 80", "the lower of the two"),
    Case("a DNS server's name", {"network.extra": {"dhcpOptions": {"dnsServers": ["dns.contoso.com"]}}}, f"{NETWORK}.dhcpOptions.dnsServers[0]", "is no IP address", "10.60.0.4"),
    Case("a community of others", {"network.extra": {"bgpCommunities": {"virtualNetworkCommunity": "65000:1"}}}, f"{NETWORK}.bgpCommunities.virtualNetworkCommunity", "no BGP community", "12076:20000"),
    Case("an id of another type", {"network.extra": {"ddosProtectionPlan": {"id": ZONE}}}, f"{NETWORK}.ddosProtectionPlan.id", "is no resource id of the type", "ddosProtectionPlans/<name>"),
    Case("a group that Azure names nothing", {"pools[0].extra": {"networkProfile": {"applicationSecurityGroups": [GROUP + "-"]}}}, f"{POOL}.networkProfile.applicationSecurityGroups[0]", "nothing of the type Microsoft.Network/applicationSecurityGroups is called 'web-'", "1 to 80 letters"),
    Case("a subdomain in no zone of one's own", cluster(fqdnSubdomain="shop"), f"{CLUSTER}.fqdnSubdomain", "needs a private DNS zone of your own", "`apiServer.privateDnsZone`"),
    Case("two beginnings of a name", cluster(fqdnSubdomain="shop") | {"cluster.apiServer": {"access": "private", "privateDnsZone": ZONE}, "cluster.adopted": {"dnsPrefix": "older"}}, f"{CLUSTER}.fqdnSubdomain", "not with both", "remove one"),
    Case("a password that is kept", {"cluster.adopted": {"windowsProfile": {"adminUsername": "azureuser", "adminPassword": "hunter2"}}}, "secure-aks:cluster.adopted.windowsProfile.adminPassword", "known to all who read it", "remove it"),
    Case("addresses of pods", {"pools[0].extra": {"podIPAllocationMode": "StaticBlock"}}, f"{POOL}.podIPAllocationMode", "overlay network", "remove it"),
    Case("a name for an id", {"pools[0].extra": {"networkProfile": {"applicationSecurityGroups": ["web"]}}}, f"{POOL}.networkProfile.applicationSecurityGroups[0]", "'web' is no resource id", "/subscriptions/"),
    Case("a name for an id, of the network", {"network.extra": {"ddosProtectionPlan": {"id": "plan"}}}, f"{NETWORK}.ddosProtectionPlan.id", "'plan' is no resource id", "/subscriptions/"),
    Case("image integrity, in another spelling", {"cluster.image_integrity": True}, "secure-aks:cluster.image_integrity", "audits only", "remove it"),
    Case("the Gateway API, in another case", {"cluster.GatewayApi": True}, "secure-aks:cluster.GatewayApi", "gateway-routes", "remove it"),
    Case("platform keys, as a key", {"cluster.encryption": {"platformKeys": True}}, "secure-aks:cluster.encryption.platformKeys", "encryption.etcd names one of yours", "remove it"),
    Case("pods in a subnet, as Azure has it", {"pools[0].podSubnetID": "x"}, "secure-aks:pools[0].podSubnetID", "overlay network", "remove it"),
    Case("an add-on that is neither on nor off", cluster(addonProfiles={"ACCSGXDevicePlugin": {"config": {"ACCSGXQuoteHelperEnabled": "true"}}}), f"{CLUSTER}.addonProfiles.ACCSGXDevicePlugin.enabled", "Azure asks for it", "true or false"),
    Case("virtual nodes without a subnet", cluster(addonProfiles={"aciConnectorLinux": {"enabled": True}}), f"{CLUSTER}.addonProfiles.aciConnectorLinux.config", "nowhere to be", "write `SubnetName`"),
    Case("a gateway that is none", cluster(addonProfiles={"ingressApplicationGateway": {"enabled": True, "config": {"watchNamespace": "shop"}}}), f"{CLUSTER}.addonProfiles.ingressApplicationGateway.config", "nowhere to be", "applicationGatewayId"),
    Case("IPv6 alone", cluster(networkProfile={"ipFamilies": ["IPv6"]}), f"{CLUSTER}.networkProfile.ipFamilies", "IPv4, or both", "[IPv4, IPv6]"),
    Case("one family twice", cluster(networkProfile={"ipFamilies": ["IPv4", "IPv4"]}), f"{CLUSTER}.networkProfile.ipFamilies", "each named once", "remove it"),
    Case("no family", cluster(networkProfile={"ipFamilies": []}), f"{CLUSTER}.networkProfile.ipFamilies", "IPv4, or both", "remove it"),
    Case("two families in subnets of one", cluster(networkProfile={"ipFamilies": ["IPv4", "IPv6"]}), f"{CLUSTER}.networkProfile.ipFamilies", "those that are made here have IPv4", "secure-aks:network.existing"),
    Case("addresses of no family", cluster(networkProfile={"loadBalancerProfile": {"managedOutboundIPs": {"countIPv6": 1}}}), f"{CLUSTER}.networkProfile.loadBalancerProfile.managedOutboundIPs.countIPv6", "IPv4 alone", "remove it"),
    Case("protection without a plan", {"network.extra": {"enableDdosProtection": True}}, f"{NETWORK}.enableDdosProtection", "none is named", "ddosProtectionPlan"),
    Case("a plan that is off", {"network.extra": {"ddosProtectionPlan": {"id": PLAN}, "enableDdosProtection": False}}, f"{NETWORK}.ddosProtectionPlan", "protects nothing", "enableDdosProtection: true"),
    Case("encryption that is not said", {"network.extra": {"encryption": {"enforcement": "AllowUnencrypted"}}}, f"{NETWORK}.encryption.enabled", "Azure asks for it", "write true"),
    Case("encryption that drops", {"network.extra": {"encryption": {"enabled": True, "enforcement": "DropUnencrypted"}}}, f"{NETWORK}.encryption.enforcement", "AllowUnencrypted alone", "write AllowUnencrypted"),
    Case("a place without a name", {"network.extra": {"extendedLocation": {"type": "EdgeZone"}}}, f"{NETWORK}.extendedLocation.name", "a name and a type", "write both"),
    Case("a place without a type", cluster(extendedLocation={"name": "losangeles"}), f"{CLUSTER}.extendedLocation.type", "a name and a type", "write both"),
    Case("a DNS server of the node's own", {"network.extra": {"dhcpOptions": {"dnsServers": ["127.0.0.53"]}}}, f"{NETWORK}.dhcpOptions.dnsServers[0]", "no server that a node reaches", "10.60.0.4"),
    Case("a DNS server beside the metadata", {"network.extra": {"dhcpOptions": {"dnsServers": ["169.254.169.254"]}}}, f"{NETWORK}.dhcpOptions.dnsServers[0]", "no server that a node reaches", "10.60.0.4"),
    Case("a DNS server twice", {"network.extra": {"dhcpOptions": {"dnsServers": ["10.1.0.4", "10.1.0.4"]}}}, f"{NETWORK}.dhcpOptions.dnsServers[1]", "dnsServers[0] again", "remove one"),
    Case("a group twice", {"pools[0].extra": {"networkProfile": {"applicationSecurityGroups": [GROUP, GROUP.upper()]}}}, f"{POOL}.networkProfile.applicationSecurityGroups[1]", "again", "remove one"),
    Case("ports without an end", ports(portStart=80), f"{PORTS}.portEnd", "no `portEnd`", "write it"),
    Case("a system pool that is stopped", {"systemPool.extra": {"powerState": {"code": "Stopped"}}}, "secure-aks:systemPool.extra.powerState.code", "stops no system pool", "remove it"),
    Case("what a section says that is there", cluster(serviceMeshProfile={"mode": "Istio"}) | ADOPTED | {"cluster.mesh": {"revisions": ["asm-1-29"]}}, f"{CLUSTER}.serviceMeshProfile.mode", "follows from `secure-aks:cluster.mesh`", "remove it"),
    Case("what is the same everywhere, of a cluster made elsewhere", cluster(oidcIssuerProfile={"enabled": False}) | ADOPTED, f"{CLUSTER}.oidcIssuerProfile.enabled", "the same for every cluster here", "remove it"),
    Case("what a key says that all have, of a cluster made elsewhere", cluster(workloadAutoScalerProfile={"keda": {"enabled": True}}) | ADOPTED, f"{CLUSTER}.workloadAutoScalerProfile.keda.enabled", "follows from", "addons.keda"),
    Case("no mapping", {"cluster.extra": ["autoScalerProfile"]}, CLUSTER, "it is a list", "a mapping of Azure's own properties"),
]  # fmt: skip

FINE = {
    "cluster": cluster(privateLinkResources=[{"groupId": "management"}], networkProfile={"networkMode": "transparent"}),
    "what a section would say, of a cluster made elsewhere": cluster(securityProfile=KMS) | ADOPTED,
    "both families in the network of AKS": cluster(networkProfile={"ipFamilies": ["IPv4", "IPv6"]}) | {"network": {"ofAks": True}, "cluster.adopted": {"dnsPrefix": "old"}},
    "inside what is partly ours": cluster(networkProfile={"loadBalancerProfile": {"managedOutboundIPs": {"countIPv6": 1}}, "ipFamilies": ["IPv4", "IPv6"]}) | OWN_NETWORK,
    "a plan that protects": {"network.extra": {"ddosProtectionPlan": {"id": PLAN}, "enableDdosProtection": True, "encryption": {"enabled": True, "enforcement": "AllowUnencrypted"}}},
    "another add-on": cluster(addonProfiles={"ingressApplicationGateway": {"enabled": True, "config": {"applicationGatewayId": "x"}}}),
    "a subdomain, of a cluster made elsewhere": cluster(fqdnSubdomain="shop") | {"cluster.adopted": {"dnsPrefix": None}, "cluster.apiServer": {"access": "private", "privateDnsZone": ZONE}},
    "a subdomain": cluster(fqdnSubdomain="shop") | {"cluster.apiServer": {"access": "private", "privateDnsZone": ZONE}},
    "pool": {"pools[0].extra": {"networkProfile": {"allowedHostPorts": [{"portStart": 8080, "portEnd": 8080, "protocol": "TCP"}]}, "powerState": {"code": "Stopped"}}},
    "system pool": {"systemPool.extra": {"networkProfile": {"applicationSecurityGroups": [GROUP]}}},
    "network": {"network.extra": {"dhcpOptions": {"dnsServers": ["10.1.0.4"]}}},
}  # fmt: skip


@pytest.mark.parametrize("case", CASES, ids=str)
def test_refused(case):
    refuse(case)


@pytest.mark.parametrize("changes", FINE.values(), ids=FINE)
def test_fine(changes):
    good(changes)


def test_no_pool_beside_provisioning_is_stopped():
    stopped = {"pools[0].extra": {"powerState": {"code": "Stopped"}}}
    _, found = read(stopped | {"cluster.nodeProvisioning": {}})
    assert [one.why for one in found if one.path == f"{POOL}.powerState.code"] == [
        "AKS stops no pool of a cluster with node auto-provisioning"
    ]


def test_network_that_exists_takes_no_extra():
    id_ = "/subscriptions/11111111-2222-3333-4444-555555555555/resourceGroups/hub/providers/Microsoft.Network/virtualNetworks/hub/subnets/aks"
    existing = {"subnets": [{"id": id_, "cidr": "10.1.0.0/20"}], "addressSpaces": ["10.1.0.0/16"]}
    changes = {"network": {"existing": existing, "extra": {"enableDdosProtection": True}}}
    _, [finding] = read(changes)
    assert finding.path == NETWORK
    assert "yours exists" in finding.why


def test_what_is_not_ours_is_told_at_preview():
    assert list(not_ours(good())) == []
    lines = list(not_ours(good({**FINE["cluster"], **FINE["pool"]})))
    assert [re.sub(r" from its.*", "", line) for line in lines] == [
        "not ours: the cluster has privateLinkResources, networkProfile.networkMode",
        "not ours: the pool general has networkProfile.allowedHostPorts, powerState.code",
    ]
    [line] = not_ours(good(FINE["network"]))
    assert line.startswith("not ours: the network has dhcpOptions.dnsServers from its `extra`")


PLACES: dict[Resource, str] = {
    "cluster": "cluster.extra",
    "pool": "pools[0].extra",
    "network": "network.extra",
}
RESOURCES: list[Resource] = [*PLACES]


@pytest.mark.parametrize("resource", RESOURCES)
def test_every_property_that_is_ours_is_one_of_the_api(resource):
    for one in ours(resource).values():
        first, *rest = one.path.split(".")
        shape = properties(resource)[first].shape
        for name in rest:
            if shape.kind == "map":
                assert shape.of is not None
                shape = shape.of
            else:
                shape = members(shape.type)[name].shape


@pytest.mark.parametrize("resource", RESOURCES)
def test_every_setting_that_is_named_exists(resource):
    for one in ours(resource).values():
        assert bool(one.setting) != bool(one.why), one
        if one.setting and ":" not in one.setting:
            place = f"pools{one.setting}" if one.setting.startswith(".") else one.setting
            model: Any = StackSettings
            for key in place.split("."):
                assert model, f"{place}: nothing is below it"
                field = dict(aliases(model))[key]
                model = kinds.of_field(field).model


@given(st.data())
def test_no_spelling_of_a_property_of_ours_gets_in(data):
    """Whatever is ours is refused at its own path, above it and below it, in any case of its letters."""
    resource = data.draw(st.sampled_from(RESOURCES))
    one = data.draw(st.sampled_from(list(ours(resource).values())))
    path = "".join(data.draw(st.sampled_from([letter.lower(), letter.upper()])) for letter in one.path)
    assert owner(resource, path)
    assert owner(resource, f"{path}.any.thing")
    assert owner(resource, path.rpartition(".")[0] or path)
    value: object = data.draw(st.sampled_from([True, "", [], {"a": 1}, None]))
    for name in reversed(one.path.split(".")):
        value = {name: value}
    settings, found = read({PLACES[resource]: value})
    assert settings is None
    assert found


def test_nothing_of_another_section_is_hidden_by_an_extra_that_is_wrong():
    _, found = read({"cluster.extra": {"nope": 1}, "cluster.name": GONE, "pools[0].extra": {"nope": 1}})
    assert {one.path for one in found} == {"secure-aks:cluster.name", f"{POOL}.nope"}


def _open_numbers(resource, known, place="", above=()):
    """The names of the numbers that an `extra` of a resource may say."""
    for name, one in known.items():
        path, shape = f"{place}{name}", one.shape
        while shape.of:
            shape = shape.of
        if ours(resource).get(path.lower()) or shape.type in above:
            continue
        if shape.kind in {"integer", "number"} and not owner(resource, path):
            yield name
        elif shape.kind == "object":
            yield from _open_numbers(resource, members(shape.type), f"{path}.", (*above, shape.type))


def test_every_number_that_is_open_has_its_bounds():
    found = {
        name for resource in get_args(Resource) for name in _open_numbers(resource, properties(resource))
    }
    assert found == read_data("bounds")["numbers"].keys()


def test_what_is_refused_by_name_the_api_in_use_does_not_know():
    """A reason of it would be wrong when the API comes to know it; `podSubnetID` it knows, and that is ours."""
    types = json.loads(FILE.read_text())["types"]
    known = {name.lower() for resource in get_args(Resource) for name in properties(resource)}
    known |= {name.lower() for type_ in types for name in members(type_)}
    refused = {name.lower() for one in read_data("ours")["absent"] if "title" in one for name in one["names"]}
    assert refused & known == {"podsubnetid"}


def test_names_in_ids_go_by_their_types():
    of = "/subscriptions/11111111-2222-3333-4444-555555555555/resourceGroups/{}/providers/Microsoft.{}"
    for group, rest in (("g.", "KeyVault/vaults/kv-one"), ("g", "KeyVault/vaults/k--v"), ("g", "KeyVault/vaults/1kv"), ("g", "KeyVault/vaults/" + "k" * 25),
                        ("g", "Storage/storageAccounts/my-logs"), ("g", "ContainerRegistry/registries/four"), ("g", "OperationalInsights/workspaces/log"),
                        ("g", "EventHub/namespaces/siem/authorizationRules/send"), ("g", "Network/virtualNetworks/hub/subnets/a-"), ("g" * 91, "Network/publicIPAddresses/a"),
                        ("g", "ManagedIdentity/userAssignedIdentities/-id"), ("g", "Insights/actionGroups/a?b"), ("g", "Nobody/knows/a b")):  # fmt: skip
        wrong = misnamed(of.format(group, rest))
        assert wrong, rest
        assert wrong[1].startswith("write a name of "), rest
    for rest in ("KeyVault/vaults/kv-1", "Insights/actionGroups/Application Insights Smart Detection", "Network/dnszones/contoso.com", "Nobody/knows/a(1)", "microsoft.keyvault/VAULTS/KV-1"):  # fmt: skip
        assert misnamed(of.format("rg_(1).a", rest)) is None, rest
    for type_ in read_data("names")["types"]:
        provider, *parts = type_.removeprefix("Microsoft.").split("/")
        assert misnamed(of.format("g", "/".join([provider, *(f"{part}/<>" for part in parts)]))), type_
