"""What the machines of a pool may have beside what every pool here has."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from settings.facts.azure_api import members
from settings.facts.data_files import sysctls
from tests.settings.features.ids import CLOSE, CONTROL, HOSTS, RESERVED, SNAPSHOT
from tests.settings.helpers import Case, good, read, refuse

POOL, WINDOWS, SPOT = "secure-aks:pools[0]", "secure-aks:pools[2]", "secure-aks:pools[1]"
OWN = {"cluster.identity": CONTROL}
A100 = "Standard_NC24ads_A100_v4"

CASES = [
    Case("an unsafe sysctl", {"pools[0].kubelet": {"allowedUnsafeSysctls": ["net.*"]}}, f"{POOL}.kubelet.allowedUnsafeSysctls", "no such key", ""),
    Case("kubelet of Windows", {"pools[2].kubelet": {"cpuManager": "static"}}, f"{WINDOWS}.kubelet.cpuManager", "Windows nodes", "remove it"),
    Case("images down to more", {"pools[0].kubelet": {"imagesToPercent": 90}}, f"{POOL}.kubelet.imagesToPercent", "from 85 % down to 90 %", "below imagesFromPercent"),
    Case("images from less", {"pools[0].kubelet": {"imagesFromPercent": 60}}, f"{POOL}.kubelet.imagesFromPercent", "from 60 % down to 80 %", "85 and 80 unless set"),
    Case("linux on Windows", {"pools[2].linux": {"hugePages": "never"}}, f"{WINDOWS}.linux", "run Windows", "osType: Linux"),
    Case("a sysctl of nobody", {"pools[0].linux": {"sysctls": {"netCoreSomaxcon": 8192}}}, f"{POOL}.linux.sysctls.netCoreSomaxcon", "lets no pool set it", "`netCoreSomaxconn`"),
    Case("a sysctl past its bounds", {"pools[0].linux": {"sysctls": {"vmSwappiness": 101}}}, f"{POOL}.linux.sysctls.vmSwappiness", "101 is not what AKS takes", "0 to 100"),
    Case("a sysctl that is text", {"pools[0].linux": {"sysctls": {"vmSwappiness": "10"}}}, f"{POOL}.linux.sysctls.vmSwappiness", "it is text", "a whole number"),
    Case("a sysctl that is no flag", {"pools[0].linux": {"sysctls": {"netIpv4TcpTwReuse": 1}}}, f"{POOL}.linux.sysctls.netIpv4TcpTwReuse", "a number", "true or false"),
    Case("ports the wrong way", {"pools[0].linux": {"sysctls": {"netIpv4IpLocalPortRange": "60000 40000"}}}, f"{POOL}.linux.sysctls.netIpv4IpLocalPortRange", "not a range of local ports", '"32768 60999"'),
    Case("swap without a disk", {"pools[0].linux": {"swapMegabytes": 1024}, "pools[0].vmSize": "Standard_D8s_v5"}, f"{POOL}.linux.swapMegabytes", "Standard_D8s_v5 has none", "with a 'd'"),
    Case("kubelet without a disk", {"pools[0].nodes": {"kubeletDisk": "Temporary"}, "pools[0].vmSize": "Standard_D8s_v5"}, f"{POOL}.nodes.kubeletDisk", "no temporary disk", "with a 'd'"),
    Case("GPUs of none", {"pools[0].gpu": {}}, f"{POOL}.gpu", "has no GPU", A100),
    Case("parts of an older GPU", {"pools[0].gpu": {"partition": "MIG1g"}, "pools[0].vmSize": "Standard_NC8as_T4_v3", "pools[0].trustedLaunch": False}, f"{POOL}.gpu.partition", "A100, H100, H200", A100),
    Case("DNS of Windows", {"pools[2].localDns": {}}, f"{WINDOWS}.localDns", "Windows nodes", "remove it"),
    Case("DNS on two cores", {"pools[0].localDns": {}, "pools[0].vmSize": "Standard_D2ds_v5"}, f"{POOL}.localDns", "4 vCPUs", "larger"),
    Case("everything to CoreDNS", {"pools[0].localDns": {"vnet": {".": {"forwardTo": "ClusterCoreDNS"}}}}, f"{POOL}.localDns.vnet...forwardTo", "nobody forward .", "write VnetDNS"),
    Case("the cluster to the network", {"pools[0].localDns": {"cluster": {"cluster.local": {"forwardTo": "VnetDNS"}}}}, f"{POOL}.localDns.cluster.cluster.local.forwardTo", "nobody forward cluster.local", "write ClusterCoreDNS"),
    Case("verified over TCP", {"pools[0].localDns": {"cluster": {".": {"protocol": "ForceTCP", "stale": "Verify"}}}}, f"{POOL}.localDns.cluster...stale", "over TCP", "`stale: Immediate`"),
    Case("reserved for nobody", {"pools[0].placement": {"capacityReservationGroup": RESERVED}}, f"{POOL}.placement.capacityReservationGroup", "by an identity with the role", "`identity`"),
    Case("hosts of spot", {**OWN, "pools[1].placement": {"hostGroup": HOSTS}}, f"{SPOT}.placement.hostGroup", "nobody has reserved", "`priority: Regular`"),
    Case("hosts and reservation", {**OWN, "pools[0].placement": {"hostGroup": HOSTS, "capacityReservationGroup": RESERVED}}, f"{POOL}.placement.hostGroup", "or from a reservation", "one of the two"),
    Case("close in three zones", {"pools[0].placement": {"proximityPlacementGroup": CLOSE}}, f"{POOL}.placement.proximityPlacementGroup", "these are 3", "one zone"),
    Case("a group that is none", {"pools[0].placement": {"hostGroup": RESERVED}}, f"{POOL}.placement.hostGroup", "not the resource id of a group of dedicated hosts", "hostGroups"),
    Case("ultra without zones", {"environment": "dev", "pools[0].nodes": {"ultraDisks": True}, "pools[0].zones": []}, f"{POOL}.nodes.ultraDisks", "the pool names none", "`zones`"),
    Case("NAT of Linux", {"pools[0].nodes": {"outboundNat": False}}, f"{POOL}.nodes.outboundNat", "Windows pods", "remove it"),
    Case("kept without a disk", {"pools[0].nodes": {"scaleDown": "Deallocate"}, "pools[0].osDiskType": "Ephemeral"}, f"{POOL}.nodes.scaleDown", "an ephemeral one cannot be kept", "osDiskType: Managed"),
]  # fmt: skip

FINE = {
    "a GPU in parts": {"pools[0].gpu": {"partition": "MIG1g"}, "pools[0].vmSize": A100, "pools[0].trustedLaunch": False},
    "places": {**OWN, "pools[0].placement": {"capacityReservationGroup": RESERVED, "snapshot": SNAPSHOT}},
    "a DNS cache": {"pools[0].localDns": {"vnet": {".": {"forwardTo": "VnetDNS"}}, "cluster": {"cluster.local": {"protocol": "ForceTCP", "stale": "Immediate"}}}},
    "swap": {"pools[0].linux": {"swapMegabytes": 1024, "sysctls": {"netIpv4IpLocalPortRange": "32768 60999", "netIpv4TcpTwReuse": True}}},
    "logs on Windows": {"pools[2].kubelet": {"logFiles": 3}},
}  # fmt: skip


@pytest.mark.parametrize("case", CASES, ids=str)
def test_refused(case):
    refuse(case)


@pytest.mark.parametrize("changes", FINE.values(), ids=FINE)
def test_fine(changes):
    good(changes)


def test_sysctls_are_those_of_the_api():
    known = set(members("SysctlConfig")) - {"netIpv4IpLocalPortRange", "netIpv4TcpTwReuse"}
    assert set(sysctls()) == known


@given(name=st.sampled_from(sorted(sysctls())), off=st.sampled_from([-1, 0, 1]))
def test_a_sysctl_is_taken_within_its_bounds_alone(name, off):
    least, most = sysctls()[name]
    for value, inside in ((least + off, off >= 0), (most - off, off >= 0)):
        _, findings = read({"pools[0].linux": {"sysctls": {name: value}}})
        assert (findings == []) == inside, value
