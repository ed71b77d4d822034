import pytest

from settings.facts.vm_sizes import VmSize
from tests.settings.helpers import GONE, Case, good, refuse

SYSTEM = "secure-aks:systemPool"
GENERAL, SPOT, WIN, SANDBOX = (f"secure-aks:pools[{index}]" for index in range(4))

CASES = [
    Case("two part version", {"pools[2].version": "1.35"}, f"{WIN}.version", "not a full version", "all three parts"),
    Case("same name twice", {"pools[1].name": "general"}, f"{SPOT}.name", f"taken by {GENERAL}", "a name of its own"),
    Case("system pool's name", {"pools[1].name": "system"}, f"{SPOT}.name", f"taken by {SYSTEM}", "a name of its own"),
    Case("linux name too long", {"pools[0].name": "generalpurpose"}, f"{GENERAL}.name", "AKS allows for a Linux pool", "12 characters"),
    Case("linux name with a dash", {"pools[0].name": "gen-1"}, f"{GENERAL}.name", "AKS allows", "lower-case letters and digits"),
    Case("linux name with a digit first", {"pools[0].name": "1general"}, f"{GENERAL}.name", "AKS allows", "use a letter"),
    Case("windows name too long", {"pools[2].name": "windows"}, f"{WIN}.name", "AKS allows for a Windows pool", "6 characters"),
    Case("windows system pool", {"systemPool.osType": "Windows", "systemPool.osSku": "Windows2025"}, f"{SYSTEM}.osType", "AKS's own pods, which are Linux", "`osType: Linux`"),
    Case("one system node", {"systemPool.autoscaling.min": 1}, f"{SYSTEM}.autoscaling.min", "needs two nodes", "write 2 or more"),
    Case("one fixed system node", {"systemPool.autoscaling": GONE, "systemPool.count": 1}, f"{SYSTEM}.count", "needs two nodes", "write 2 or more"),
    Case("spot system pool", {"systemPool.priority": "Spot"}, f"{SYSTEM}.priority", "vanish at any time", "`priority: Regular`"),
    Case("system pool of mode user", {"systemPool.mode": "User"}, f"{SYSTEM}.mode", "AKS needs a system pool", "`mode: System`"),
    Case("second system pool too small", {"pools[0].mode": "System", "pools[0].autoscaling.min": 1}, f"{GENERAL}.autoscaling.min", "needs two nodes", "write 2"),
    Case("no size", {"pools[0].autoscaling": GONE}, GENERAL, "no size", "`count: 2`"),
    Case("two sizes", {"pools[0].count": 3}, f"{GENERAL}.count", "scale an autoscaled pool back", "remove `count`"),
    Case("min above max", {"pools[0].autoscaling.min": 21}, f"{GENERAL}.autoscaling.min", "(21) are more than the most (20)", "write 20 or less"),
    Case("negative count", {"pools[2].count": -1}, f"{WIN}.count", "-1 is not what it takes", "0 to 1000"),
    Case("zone as a number", {"pools[0].zones": ["1", 2]}, f"{GENERAL}.zones[1]", "2 must stand in quotes", 'write "2"'),
    Case("zone twice", {"pools[0].zones": ["1", "2", "1"]}, f"{GENERAL}.zones[2]", "zone 1 is named twice", "once"),
    Case("ahead of the control plane", {"pools[0].version": "1.36.2"}, f"{GENERAL}.version", "1.36.2 is above the control plane's 1.35.6", "the control plane goes first"),
    Case("a patch ahead", {"systemPool.version": "1.35.7"}, f"{SYSTEM}.version", "above the control plane's", "at 1.35.6 or below"),
    Case("three minors behind with two allowed", {"pools[1].version": "1.32.1", "versionRules": {"skewMinors": 2}}, f"{SPOT}.version", "3 minors behind", "1.33 or newer"),
    Case("four minors behind", {"cluster.kubernetesVersion": "1.36.2", "pools[1].version": "1.32.1"}, f"{SPOT}.version", "4 minors behind", "1.33 or newer"),
    Case("no surge at all", {"pools[0].upgrade": {"maxSurge": "0"}}, f"{GENERAL}.upgrade.maxSurge", "no upgrade can begin", 'write "33%"'),
    Case("surge and absence", {"pools[0].upgrade": {"maxSurge": "1", "maxUnavailable": "1"}}, f"{GENERAL}.upgrade.maxUnavailable", "either with extra nodes or with missing", '`maxSurge: "0"`'),
    Case("absence on a system pool", {"systemPool.upgrade": {"maxSurge": "0", "maxUnavailable": "1"}}, f"{SYSTEM}.upgrade.maxUnavailable", "not allow it on system pools", "remove it"),
    Case("surge on a spot pool", {"pools[1].upgrade": {"maxSurge": "1"}}, f"{SPOT}.upgrade", "no surge nodes", "remove `upgrade`"),
    Case("surge as a number", {"pools[0].upgrade": {"maxSurge": 1}}, f"{GENERAL}.upgrade.maxSurge", "1 without quotes is a number", 'write "1"'),
    Case("surge beyond all", {"pools[0].upgrade": {"maxSurge": "101%"}}, f"{GENERAL}.upgrade.maxSurge", "neither a number of nodes nor a percentage", '"33%"'),
    Case("drain too short", {"pools[0].upgrade": {"drainTimeoutMinutes": 1}}, f"{GENERAL}.upgrade.drainTimeoutMinutes", "1 is not what it takes", "5 to 1440"),
    Case("soak too long", {"pools[0].upgrade": {"nodeSoakMinutes": 31}}, f"{GENERAL}.upgrade.nodeSoakMinutes", "31 is not what it takes", "0 to 30"),
    Case("label key", {"pools[0].labels": {"work load": "a"}}, f"{GENERAL}.labels.work load", "not a key of a label", "63 letters"),
    Case("label prefix", {"pools[0].labels": {"UPPER/a": "a"}}, f"{GENERAL}.labels.UPPER/a", "not a key of a label", "DNS name"),
    Case("label value", {"pools[0].labels": {"workload": "a b"}}, f"{GENERAL}.labels.workload", "not a value of a label", "63 letters"),
    Case("label of AKS", {"pools[0].labels": {"kubernetes.azure.com/mode": "user"}}, f"{GENERAL}.labels.kubernetes.azure.com/mode", "reserved", "prefix of your own"),
    Case("label of Kubernetes", {"pools[0].labels": {"node-role.kubernetes.io/edge": ""}}, f"{GENERAL}.labels.node-role.kubernetes.io/edge", "reserved", "prefix of your own"),
    Case("taint without an effect", {"pools[0].taints": ["workload=memory"]}, f"{GENERAL}.taints[0]", "not a taint", "key=value:Effect"),
    Case("taint with another effect", {"pools[0].taints": ["a=b:NoRun"]}, f"{GENERAL}.taints[0]", "not a taint", "PreferNoSchedule"),
    Case("taint value", {"pools[0].taints": ["a=b c:NoExecute"]}, f"{GENERAL}.taints[0]", "not a value of a taint", "63 letters"),
    Case("taint of AKS", {"pools[1].taints": ["kubernetes.azure.com/scalesetpriority=spot:NoSchedule"]}, f"{SPOT}.taints[0]", "reserved", "prefix of your own"),
    Case("taint twice", {"pools[0].taints": ["a=b:NoSchedule", "a=b:NoSchedule"]}, f"{GENERAL}.taints[1]", "named twice", "once"),
    Case("taint on a system pool", {"systemPool.taints": ["a=b:NoSchedule"]}, f"{SYSTEM}.taints[0]", "only one taint", "CriticalAddonsOnly=true:NoSchedule"),
    Case("unknown sku", {"pools[0].osSku": "Ubuntu2444"}, f"{GENERAL}.osSku", "no OS SKU 'Ubuntu2444'", "did you mean `Ubuntu2404`?"),
    Case("sku in other letters", {"pools[0].osSku": "ubuntu2404"}, f"{GENERAL}.osSku", "spells it Ubuntu2404", "write Ubuntu2404"),
    Case("windows sku on linux", {"pools[0].osSku": "Windows2025"}, f"{GENERAL}.osSku", "Windows2025 is Windows", "`osType: Windows`"),
    Case("linux sku on windows", {"pools[2].osSku": "Ubuntu2404"}, f"{WIN}.osSku", "Ubuntu2404 is Linux", "`osType: Linux`"),
    Case("windows 2019 today", {"pools[2].osSku": "Windows2019"}, f"{WIN}.osSku", "no Windows2019 nodes of Kubernetes 1.35", "write Windows2025"),
    Case("vm size", {"pools[0].vmSize": "D4ds_v5"}, f"{GENERAL}.vmSize", "not a VM size", "Standard_D4ds_v5"),
    Case("a family that is none", {"pools[0].vmSize": "Standard_Q4s_v5"}, f"{GENERAL}.vmSize", "no VM sizes Qs_v5", "add its family's version to settings/facts/data/sizes.yaml"),
    Case("a version that is none", {"pools[0].vmSize": "Standard_D4ds_v8"}, f"{GENERAL}.vmSize", "no VM sizes Dds_v8", "such as Standard_D4ds_v5"),
    Case("a version that is none of B", {"pools[0].vmSize": "Standard_B4s_v3"}, f"{GENERAL}.vmSize", "no VM sizes Bs_v3", "such as Standard_D4ds_v5"),
    Case("a number of another series", {"pools[0].vmSize": "Standard_D20ds_v6"}, f"{GENERAL}.vmSize", "the series Dds_v6 has the sizes 2, 4, 8, 16, 32", "write Standard_D32ds_v6"),
    Case("ephemeral without a disk", {"pools[0].vmSize": "Standard_D4s_v5", "pools[0].osDiskType": "Ephemeral"}, f"{GENERAL}.osDiskType", "Standard_D4s_v5 has no local disk", "a size with 'd'"),
    Case("ephemeral on a disk for pages", {"pools[0].vmSize": "Standard_B4ms", "pools[0].osDiskType": "Ephemeral"}, f"{GENERAL}.osDiskType", "has room for 32", "add `osDiskGb: 32`"),
    Case("ephemeral on next to nothing", {"pools[0].vmSize": "Standard_B2ms", "pools[0].osDiskType": "Ephemeral"}, f"{GENERAL}.osDiskType", "local disk of 16 GiB, too small", "remove the key"),
    Case("ephemeral of a cache that is smaller", {"pools[0].vmSize": "Standard_E20s_v3", "pools[0].osDiskType": "Ephemeral", "pools[0].osDiskGb": 500}, f"{GENERAL}.osDiskGb", "room for an ephemeral OS disk of 400 GiB", "write 400 or less"),
    Case("ephemeral past what Azure makes", {"pools[0].vmSize": "Standard_D96ds_v6", "pools[0].osDiskType": "Ephemeral", "pools[0].osDiskGb": 2048}, f"{GENERAL}.osDiskGb", "of 2040 GiB", "write 2040 or less"),
    Case("ephemeral past it on an unknown series", {"pools[0].vmSize": "Standard_E96ds_v6", "pools[0].osDiskType": "Ephemeral", "pools[0].osDiskGb": 2048}, f"{GENERAL}.osDiskGb", "of 2040 GiB", "write 2040 or less"),
    Case("a node of too many pods", {"pools[0].maxPods": 251}, f"{GENERAL}.maxPods", "251 is not what it takes", "30 to 250"),
    Case("a pool of too many nodes", {"pools[0].autoscaling.max": 1001}, f"{GENERAL}.autoscaling.max", "1001 is not what it takes", "1 to 1000"),
    Case("an OS disk past the largest", {"pools[0].osDiskGb": 2049}, f"{GENERAL}.osDiskGb", "2049 is not what it takes", "30 to 2048"),
    Case("sandbox on no size", {"pools[3].vmSize": "large"}, f"{SANDBOX}.vmSize", "not a VM size", "Standard_D4ds_v5"),
    Case("unknown sku for linux", {"pools[0].osSku": "Windows2O25"}, f"{GENERAL}.osSku", "no OS SKU", "write `AzureContainerLinux`"),
    Case("unknown sku for its minor", {"pools[2].osSku": "Windows2018"}, f"{WIN}.osSku", "no OS SKU", "did you mean `Windows20"),
    Case("windows on arm", {"pools[2].vmSize": "Standard_D4pds_v5"}, f"{WIN}.vmSize", "Arm cores", "without 'p'"),
    Case("sandbox on windows", {"pools[2].sandboxed": True}, f"{WIN}.sandboxed", "no Pod Sandboxing", "`osType: Linux`"),
    Case("sandbox on ubuntu", {"pools[3].osSku": "Ubuntu2404"}, f"{SANDBOX}.osSku", "Azure Linux only", "write AzureLinux"),
    Case("sandbox on spot", {"pools[3].priority": "Spot"}, f"{SANDBOX}.priority", "nodes that stay", "remove `priority: Spot`"),
    Case("sandbox with fips", {"pools[3].fips": True}, f"{SANDBOX}.fips", "no FIPS node image", "remove `fips`"),
    Case("sandbox on arm", {"pools[3].vmSize": "Standard_D8ps_v5"}, f"{SANDBOX}.vmSize", "no virtual machines", "Standard_D4s_v5"),
    Case("sandbox on an old size", {"pools[3].vmSize": "Standard_DS4_v2"}, f"{SANDBOX}.vmSize", "no virtual machines", "from v3 on"),
    Case("sandbox without premium storage", {"pools[3].vmSize": "Standard_D8d_v5"}, f"{SANDBOX}.vmSize", "no virtual machines", "with 's'"),
    Case("max pods", {"pools[0].maxPods": 251}, f"{GENERAL}.maxPods", "251 is not what it takes", "30 to 250"),
]  # fmt: skip

FINE = {
    "three minors behind": {"pools[1].version": "1.32.1"},
    "two system nodes": {"systemPool.autoscaling.min": 2},
    "as few as most": {"pools[0].autoscaling": {"min": 4, "max": 4}},
    "no node now": {"pools[2].count": 0},
    "a dedicated system pool": {"systemPool.taints": ["CriticalAddonsOnly=true:NoSchedule", "a=b:PreferNoSchedule"]},
    "names of your own": {"pools[0].labels": {"contoso.com/tier": "gold", "empty": ""}, "pools[0].taints": ["contoso.com/x:NoExecute"]},
    "the longest names": {"pools[0].name": "general12345", "pools[2].name": "win123"},
    "missing nodes instead of extra ones": {"pools[0].upgrade": {"maxSurge": "0", "maxUnavailable": "25%"}},
}  # fmt: skip


@pytest.mark.parametrize("case", CASES, ids=str)
def test_refused(case):
    refuse(case)


@pytest.mark.parametrize("changes", FINE.values(), ids=FINE)
def test_fine(changes):
    good(changes)


@pytest.mark.parametrize(
    ("changes", "surge"),
    [
        ({}, 7),  # 33% of 20, rounded up
        ({"pools[0].upgrade": {"maxSurge": "0", "maxUnavailable": "25%"}}, 0),
        ({"pools[0].upgrade": {"maxSurge": "2"}}, 2),
        ({"pools[0].upgrade": {"maxSurge": "1%"}}, 1),
        ({"pools[0].upgrade": {"maxSurge": "100%"}}, 20),
    ],
)
def test_surge_nodes(changes, surge):
    pool = good(changes).pools[0]
    assert (pool.min_nodes, pool.max_nodes, pool.surge_nodes) == (2, 20, surge)


def test_a_spot_pool_has_no_surge():
    spot = good().pools[1]
    assert spot.is_spot
    assert (spot.upgrade.max_surge, spot.surge_nodes) == (None, 0)


def test_a_fixed_pool():
    win = good().pools[2]
    assert (win.is_linux, win.min_nodes, win.max_nodes) == (False, 3, 3)


def test_all_pools_begin_with_the_system_pool():
    settings = good()
    assert [pool.name for pool in settings.all_pools] == ["system", "general", "spot", "win", "sandbox"]
    assert settings.system_pool
    assert settings.system_pool.mode == "System"


@pytest.mark.parametrize(
    ("name", "nests"),
    [
        ("Standard_D4s_v3", True),
        ("Standard_D4ds_v5", True),
        ("Standard_E16-4ads_v5", True),
        ("Standard_D4as_v6", True),
        ("Standard_D4ps_v5", False),
        ("Standard_D4d_v5", False),
        ("Standard_DS2_v2", False),
        ("Standard_B4ms", False),
        ("Standard_NC24ads_A100_v4", False),
    ],
)
def test_nested_virtualisation(name, nests):
    assert VmSize.parse(name).nests is nests


@pytest.mark.parametrize(
    "name", ["", "Standard", "Standard_", "Standard_4D", "standard_d4s_v3", "Standard_D4s_v"]
)
def test_not_a_size(name):
    with pytest.raises(ValueError):
        VmSize.parse(name)


@pytest.mark.parametrize(
    ("name", "room"),
    [
        ("Standard_D2d_v4", 75), ("Standard_D4d_v5", 150), ("Standard_D8a_v4", 200), ("Standard_D4ds_v6", 220), ("Standard_D64pds_v6", 2040),
        ("Standard_DS13_v2", 288), ("Standard_E64is_v3", 1600), ("Standard_E8s_v3", 200), ("Standard_B1ms", 4), ("Standard_D16s_v4", 0),
        ("Standard_B8als_v2", 0), ("Standard_E8ds_v6", None), ("Standard_NC128ds_xl_RTXPRO6000BSE_v6", None), ("Standard_E8s_v6", 0),
    ],
)  # fmt: skip
def test_room_for_an_ephemeral_disk(name, room):
    size = VmSize.parse(name)
    assert size.exists
    assert size.disk_gib == room
