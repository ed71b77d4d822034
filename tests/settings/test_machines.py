"""VM sizes, disks, boot and limits of the pools, against what Azure has."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from settings.checks.pools.sizes import _near
from settings.facts.boot import boots_trusted
from settings.facts.data_files import limits, regions, series
from settings.facts.vm_sizes import VmSize
from tests.settings.helpers import GONE, TODAY, Case, good, read, refuse

SYSTEM, GENERAL, WIN, SANDBOX = (
    "secure-aks:systemPool",
    "secure-aks:pools[0]",
    "secure-aks:pools[2]",
    "secure-aks:pools[3]",
)
POOLS = "secure-aks:pools"


def more(number, **changes):
    pool = {
        "version": "1.35.6",
        "vmSize": "Standard_D8ds_v5",
        "osSku": "Ubuntu2404",
        "zones": ["1", "2"],
        "count": 1,
    }
    return {f"pools[{4 + index}]": {"name": f"more{index}", **pool, **changes} for index in range(number)}


def linux(**changes):
    """The happy path without its Windows pool, which is renamed away by another small Linux pool."""
    return {
        "pools[2]": {
            "name": "other",
            "version": "1.35.6",
            "vmSize": "Standard_D8ds_v5",
            "osSku": "Ubuntu2404",
            "zones": ["1", "2"],
            "count": 1,
        },
        **changes,
    }


CASES = [
    Case("one vCPU", {"systemPool.vmSize": "Standard_B1s"}, f"{SYSTEM}.vmSize", "fewer than 2 vCPUs", "Standard_D4ds_v5"),
    Case("one old vCPU", {"systemPool.vmSize": "Standard_A1"}, f"{SYSTEM}.vmSize", "fewer than 2 vCPUs", "Standard_D4ds_v5"),
    Case("one vCPU for users", {"pools[0].vmSize": "Standard_DS1_v2"}, f"{GENERAL}.vmSize", "fewer than 2 vCPUs", "larger"),
    Case("no vCPU", {"systemPool.vmSize": "Standard_D0s_v5"}, f"{SYSTEM}.vmSize", "there is no VM size Standard_D0s_v5: the series Ds_v5 has", "write Standard_D2s_v5"),
    Case("isolated by its number alone", {"pools[0].vmSize": "Standard_E104ds_v5"}, f"{GENERAL}.vmSize", "there is no VM size", "write Standard_E96ds_v5"),
    Case("a number between", {"pools[0].vmSize": "Standard_E5ds_v5"}, f"{GENERAL}.vmSize", "there is no VM size", "write Standard_E8ds_v5"),
    Case("a family that is none", {"pools[0].vmSize": "Standard_Z4s_v5"}, f"{GENERAL}.vmSize", "no VM sizes Zs_v5", "Standard_D4ds_v5"),
    Case("a zero before its number", {"pools[0].vmSize": "Standard_D02ds_v5"}, f"{GENERAL}.vmSize", "Standard_D02ds_v5' is not a VM size", "Standard_D4ds_v5"),
    Case("a zero before its version", {"pools[0].vmSize": "Standard_D2ds_v05"}, f"{GENERAL}.vmSize", "Standard_D2ds_v05' is not a VM size", "Standard_D4ds_v5"),
    Case("a letter twice", {"pools[0].vmSize": "Standard_D2dss_v5"}, f"{GENERAL}.vmSize", "Standard_D2dss_v5' is not a VM size", "Standard_D4ds_v5"),
    Case("letters in no order", {"pools[0].vmSize": "Standard_D2dsa_v7"}, f"{GENERAL}.vmSize", "there are no VM sizes Ddsa_v7", "Standard_D4ds_v5"),
    Case("letters that an old version never had", {"pools[0].vmSize": "Standard_D4bs_v5"}, f"{GENERAL}.vmSize", "there are no VM sizes Dbs_v5", "Standard_D4ds_v5"),
    Case("a version that was none", {"pools[0].vmSize": "Standard_F4s_v4"}, f"{GENERAL}.vmSize", "there are no VM sizes Fs_v4", "Standard_D4ds_v5"),
    Case("the first version by its number", {"pools[0].vmSize": "Standard_D2_v1"}, f"{GENERAL}.vmSize", "'Standard_D2_v1' is not a VM size", "Standard_D4ds_v5"),
    Case("fewer vCPUs in a family that has none such", {"pools[0].vmSize": "Standard_D4-2ds_v5"}, f"{GENERAL}.vmSize", "no VM size Standard_D4-2ds_v5", "write Standard_D4ds_v5"),
    Case("as many vCPUs as without the line", {"pools[0].vmSize": "Standard_E8-8ds_v5"}, f"{GENERAL}.vmSize", "no VM size Standard_E8-8ds_v5", "write Standard_E8ds_v5"),
    Case("a number that an accelerator has not", {"pools[0].vmSize": "Standard_NC5as_T4_v3"}, f"{GENERAL}.vmSize", "the series NCas_T4_v3 has the sizes 4, 8, 16, 64", "write Standard_NC8as_T4_v3"),
    Case("a number that M has not", {"pools[0].vmSize": "Standard_M8"}, f"{GENERAL}.vmSize", "there is no VM size Standard_M8", "Standard_M64"),
    Case("a retired accelerator", {"pools[0].vmSize": "Standard_NC6s_v3"}, f"{GENERAL}.vmSize", "retired Standard_NC6s_v3 on 2025-09-30", "a newer series"),
    Case("retired lately", {"pools[0].vmSize": "Standard_NV12s_v3"}, f"{GENERAL}.vmSize", "retired Standard_NV12s_v3 on 2026-09-30", "a newer series"),
    Case("a version to come", {"pools[0].vmSize": "Standard_D4s_v99"}, f"{GENERAL}.vmSize", "no VM sizes Ds_v99", "Standard_D4ds_v5"),
    Case("a system pool that bursts", {"systemPool.vmSize": "Standard_B4ms"}, f"{SYSTEM}.vmSize", "the B series for system pools", "`mode: User`"),
    Case("too little memory", {"pools[0].vmSize": "Standard_B2ts_v2"}, f"{GENERAL}.vmSize", "needs 2 GiB of memory, and Standard_B2ts_v2 has 1", "larger"),
    Case("ephemeral without a disk", {"pools[0].osDiskType": "Ephemeral", "pools[0].vmSize": "Standard_D8s_v5"}, f"{GENERAL}.osDiskType", "has no local disk", "a size with 'd'"),
    Case("ephemeral of a new series without a disk", {"pools[0].osDiskType": "Ephemeral", "pools[0].vmSize": "Standard_D8as_v7"}, f"{GENERAL}.osDiskType", "has no local disk", "a size with 'd'"),
    Case("ephemeral larger than the disk", {"pools[0].osDiskType": "Ephemeral", "pools[0].osDiskGb": 512}, f"{GENERAL}.osDiskGb", "room for an ephemeral OS disk of 300 GiB, and it is to have 512", "300 or less"),
    Case("ephemeral on a small size", {"systemPool.osDiskType": "Ephemeral", "systemPool.vmSize": "Standard_D2ds_v5"}, f"{SYSTEM}.osDiskType", "128 GiB unless it is told, and Standard_D2ds_v5 has room for 75", "`osDiskGb: 75`"),
    Case("no FIPS for Windows 2025", {"pools[2].fips": False}, f"{WIN}.fips", "cannot be without", "write true"),
    Case("FIPS on Ubuntu 24.04", {"pools[0].fips": True}, f"{GENERAL}.fips", "no FIPS node image", "osSku: AzureLinux"),
    Case("trusted Windows", {"pools[2].trustedLaunch": True}, f"{WIN}.trustedLaunch", "no Trusted Launch for Windows", "remove the key"),
    Case("trusted sandboxes", {"pools[3].trustedLaunch": True}, f"{SANDBOX}.trustedLaunch", "sandboxed pods have no Trusted Launch", "remove the key"),
    Case("trusted Arm", {"pools[0].trustedLaunch": True, "pools[0].vmSize": "Standard_D8pds_v5"}, f"{GENERAL}.trustedLaunch", "has no Trusted Launch", "another size"),
    Case("101 pools", {**more(96)}, POOLS, "takes 100 pools of a cluster, the system pool included, and these are 101", "keep 99"),
    Case("too many nodes", {"cluster.podCidr": "100.64.0.0/10", "network.addressSpace": "10.64.0.0/10", "pools[0].autoscaling.max": 1000, **more(4, count=1000)}, POOLS, "takes 5,000 nodes", "grow less"),
    Case("too many nodes for NPM", linux(**{"cluster.networkPolicy": "azure", "pools[0].autoscaling.max": 250, "cluster.podCidr": "10.128.0.0/14"}), "secure-aks:cluster.networkPolicy", "takes 250 nodes", "calico"),
    Case("NPM on Windows", {"cluster.networkPolicy": "azure"}, "secure-aks:cluster.networkPolicy", "ended for Windows on 30 September 2026", "calico"),
    Case("a taint of two values", {"pools[0].taints": ["a=b:NoSchedule", "a=c:NoSchedule"]}, f"{GENERAL}.taints[1]", "taints[0] taints with a and NoSchedule already", "another key"),
    Case("OS Guard unmanaged", {"pools[0].osSku": "AzureLinuxOSGuard"}, "secure-aks:nodeUpdates.mode", "channel Unmanaged, which the node image of general does not have", "node-image"),
    Case("all nodes reboot at once", {"nodeUpdates.kured.concurrency": 1000}, "secure-aks:nodeUpdates.kured.concurrency", "only 6 Linux nodes in all", "write 2 or less"),
]  # fmt: skip

FINE = {
    "one key, two effects": {"pools[0].taints": ["a=b:NoSchedule", "a=b:NoExecute"]},
    "a series nobody knows": {"pools[0].vmSize": "Standard_D8lds_v7"},
    "the last size of a series": {"pools[0].vmSize": "Standard_D192ds_v6"},
    "a new series of the newest version": {"pools[0].vmSize": "Standard_D8nds_v7"},
    "an accelerator of a version of which another is retired": {"pools[0].vmSize": "Standard_NC16as_T4_v3"},
    "one that is retired some day": {"pools[0].vmSize": "Standard_F16s_v2"},
    "constrained cores": {"pools[0].vmSize": "Standard_E8-4ds_v5"},
    "an isolated size": {"pools[0].vmSize": "Standard_E104ids_v5"},
    "a bursting user pool": {"pools[0].vmSize": "Standard_B4ms"},
    "an ephemeral disk that fits": {"pools[0].osDiskType": "Ephemeral", "pools[0].osDiskGb": 300},
    "an ephemeral disk of the default size": {"pools[0].osDiskType": "Ephemeral"},
    "99 pools and the system pool": more(95),
    "FIPS on Azure Linux": {"pools[0].fips": True, "pools[0].osSku": "AzureLinux"},
    "OS Guard by images": {"pools[0].osSku": "AzureLinuxOSGuard", "nodeUpdates": {"mode": "node-image"}},
    "NPM on Linux": linux(**{"cluster.networkPolicy": "azure"}),
    "two nodes at a time": {"nodeUpdates.kured.concurrency": 2},
}  # fmt: skip


@pytest.mark.parametrize("case", CASES, ids=str)
def test_refused(case):
    refuse(case)


@pytest.mark.parametrize("changes", FINE.values(), ids=FINE)
def test_fine(changes):
    good(changes)


def test_defaults_follow_from_image_and_size():
    settings = good({"pools[0].fips": True, "pools[0].osSku": "AzureLinux"})
    trusted = {pool.name: pool.trusted_launch for pool in settings.all_pools}
    assert trusted == {"system": True, "general": False, "spot": True, "win": False, "sandbox": False}
    assert {pool.name for pool in settings.all_pools if pool.fips} == {"general", "win"}


@pytest.mark.parametrize(
    ("changes", "trusted"),
    [
        ({"os_sku": "Ubuntu2204", "fips": True}, True),
        ({"os_sku": "AzureLinux", "fips": True}, False),
        ({"os_sku": "Flatcar"}, False),
        ({"vm_size": "Standard_DC4as_v5"}, False),
        ({"vm_size": "Standard_NC4as_T4_v3"}, False),
        ({"vm_size": "Standard_D4_v3"}, False),
        ({"vm_size": "Standard_D4s_v3"}, True),
        ({"vm_size": "Standard_DS3_v2"}, True),
        ({"vm_size": "none"}, False),
    ],
)
def test_what_boots_trusted(changes, trusted):
    pool = {
        "os_type": "Linux",
        "sandboxed": False,
        "os_sku": "Ubuntu2404",
        "fips": False,
        "vm_size": "Standard_D4ds_v5",
    }
    assert (boots_trusted(pool | changes) is None) is trusted


def test_zones_where_there_are_none():
    _, findings = read(location="westus")
    assert {finding.path for finding in findings} == {
        f"{path}.zones" for path in (SYSTEM, *(f"{POOLS}[{n}]" for n in range(4)))
    }
    assert all("westus has no availability zones" in finding.why for finding in findings)


@given(st.sampled_from(sorted(series())), st.integers(0, 300))
@example("Bls", 1)
def test_every_number_of_a_known_series_is_judged_by_its_list(name, number):
    letters, _, version = name.partition("_")
    family = letters.rstrip("abcdefghijklmnopqrstuvwxyz")
    written = f"Standard_{family}{number}{letters.removeprefix(family)}{'_' + version if version else ''}"
    size = VmSize.parse(written)
    assert size.series_name == name
    assert size.series
    numbers = size.series.numbers
    is_advised = number in numbers and (number > 1 or numbers == (1,))
    assert (_near(written, size) == written) == is_advised


def test_the_facts_have_their_shape():
    assert len(regions().names) > 60
    assert regions().without_zones < regions().names
    assert limits()["pools"] == 100
    assert all(known.numbers == tuple(sorted(known.numbers)) for known in series().values())


def test_no_size_at_all_is_one_problem():
    _, findings = read({"systemPool.vmSize": GONE})
    assert [finding.path for finding in findings] == [f"{SYSTEM}.vmSize"]


@pytest.mark.parametrize(
    "name",
    ["A8_v2", "DS12-2_v2", "DC8as_v5", "E96-24ads_v6", "E112ibds_v5", "FX48-24mds_v2", "HB176-24rs_v4", "L16aos_v4", "M416-208ms_v2",
     "M832is_16_v3", "NC80adis_H100_v5", "NC144lds_xl_RTXPRO6000BSE_v6", "ND128isr_NDR_GB200_v6", "NG8ads_V620_v1", "NP10s", "NV6ads_A10_v5"],
)  # fmt: skip
def test_a_size_that_azure_lists_is_one(name):
    assert VmSize.parse(f"Standard_{name}").exists


@pytest.mark.parametrize("name", ["NC6", "NC6s_v2", "ND6s", "NV6", "H8", "H16mr", "HB60rs", "A7", "DC4s_v2", "NV4as_v4"])  # fmt: skip
def test_a_size_of_a_retired_series_was_one(name):
    size = VmSize.parse(f"Standard_{name}")
    assert size.exists
    assert size.last_day
    assert size.last_day < TODAY
