"""Cases of the node pool rules and of the maintenance windows'."""

from typing import Any

from tests.security.build import DELETE, agent_pool, cluster, pool_template

HAPPY = agent_pool
TYPE = "azure-native:containerservice:AgentPool"
WINDOWS = {"osType": "Windows", "agentPoolName": "win"}
SPOT = {"scaleSetPriority": "Spot"}
FIXED = {"enableAutoScaling": False, "minCount": DELETE, "maxCount": DELETE}
UNSCALED = {"enableAutoScaling": DELETE, "minCount": DELETE, "maxCount": DELETE}
SYSTEM = {"mode": "System", "nodeTaints": ["CriticalAddonsOnly=true:NoSchedule"]}
INLINE = {"from": cluster, "token": "azure-native:containerservice:ManagedCluster"}
TEMPLATE = {"from": pool_template, "token": "azure-native:resources:Deployment"}
POOL_IN_TEMPLATE = "properties.template.resources[1]"


def _fails(words, **changes):
    return {name.replace("_", " "): (change, f'pool "general" {words}') for name, change in changes.items()}


CASES: dict[str, dict[str, Any]] = {
    "pool-public-ip": {
        "passes": {
            "said no": {"enableNodePublicIP": False},
            "inline": INLINE,
            "no inline pool": INLINE | {"agentPoolProfiles": DELETE},
            "a template": TEMPLATE,
            "a template of something else": TEMPLATE | {"properties.template.resources[1]": DELETE},
            "an empty template": TEMPLATE | {"properties.template": {}},
            "no template": TEMPLATE | {"properties.template": DELETE},
            "no properties": TEMPLATE | {"properties": DELETE},
        },
        "fails": _fails("gives each node a public address", yes={"enableNodePublicIP": True})
        | {
            "inline": (
                INLINE | {"A.enableNodePublicIP": True},
                'pool "system" gives each node a public address',
            ),
            "a template": (
                TEMPLATE | {f"{POOL_IN_TEMPLATE}.properties.enableNodePublicIP": True},
                'pool "system" gives each node a public address',
            ),
            "chosen by Pulumi": (
                {"agentPoolName": DELETE, "enableNodePublicIP": True},
                'pool "" gives each node a public address',
            ),
        },
    },
    "pool-host-encryption": {
        "fails": _fails(
            "does not encrypt at host",
            no={"enableEncryptionAtHost": False},
            undefined={"enableEncryptionAtHost": DELETE},
        )
    },
    "pool-type": {
        "passes": {
            "undefined": {"type": DELETE},
            "inline": INLINE,
            "a template": TEMPLATE | {f"{POOL_IN_TEMPLATE}.properties.type": DELETE},
        },
        "fails": _fails("is of the type AvailabilitySet", availability_set={"type": "AvailabilitySet"})
        | _fails("is of the type VirtualMachines", virtual_machines={"type": "VirtualMachines"})
        | {
            "inline, undefined": (INLINE | {"A.type": DELETE}, 'pool "system" is of the type AvailabilitySet')
        },
    },
    "pool-autoscaling": {
        "fails": _fails(
            "has a fixed number of nodes",
            no={"enableAutoScaling": False},
            undefined={"enableAutoScaling": DELETE},
        )
    },
    "pool-autoscaled-count": {
        "passes": {
            "fixed": {"enableAutoScaling": False, "count": 3},
            "unsaid": {"enableAutoScaling": DELETE, "count": 3},
        },
        "fails": _fails("scales by itself and sends count 3", both={"count": 3}),
    },
    "pool-max-pods": {
        "passes": {"fifty": {"maxPods": 50}},
        "fails": _fails("has maxPods 49", fewer={"maxPods": 49})
        | _fails("has maxPods not set", undefined={"maxPods": DELETE}),
    },
    "pool-zones": {
        "passes": {"two": {"availabilityZones": ["1", "2"]}},
        "fails": _fails(
            "names 0 zones", none={"availabilityZones": []}, undefined={"availabilityZones": DELETE}
        )
        | _fails("names 1 zones", one={"availabilityZones": ["1"]}),
    },
    "pool-ephemeral-os-disk": {
        "fails": _fails("has an OS disk of the type Managed", managed={"osDiskType": "Managed"})
        | _fails("has an OS disk of the type AKS chooses", undefined={"osDiskType": DELETE})
    },
    "pool-upgrade-settings": {
        "passes": {"Spot": SPOT | {"upgradeSettings": DELETE}},
        "fails": _fails(
            "leaves surge, drain timeout or soak to AKS",
            none={"upgradeSettings": DELETE},
            regular={"upgradeSettings": DELETE, "scaleSetPriority": "Regular"},
            no_surge={"upgradeSettings.maxSurge": DELETE},
            no_drain_timeout={"upgradeSettings.drainTimeoutInMinutes": DELETE},
            no_soak={"upgradeSettings.nodeSoakDurationInMinutes": DELETE},
        ),
    },
    "pool-ssh": {
        "passes": {"Windows": WINDOWS | {"securityProfile": DELETE}},
        "fails": _fails(
            "lets SSH in",
            on={"securityProfile.sshAccess": "LocalUser"},
            undefined={"securityProfile.sshAccess": DELETE},
            no_profile={"securityProfile": DELETE},
            system_unsaid={"securityProfile": DELETE, "osType": DELETE},
        ),
    },
    "pool-system-nodes": {
        "passes": {
            "two": SYSTEM | {"minCount": 2},
            "two fixed": SYSTEM | FIXED | {"count": 2},
            "two, scaling unsaid": SYSTEM | UNSCALED | {"count": 2},
            "a user pool": {"minCount": 0},
            "mode unsaid": {"minCount": 0, "mode": DELETE},
        },
        "fails": _fails(
            "may have fewer than 2 nodes",
            one=SYSTEM | {"minCount": 1},
            one_in_small_letters=SYSTEM | {"mode": "system", "minCount": 1},
            one_fixed=SYSTEM | FIXED | {"count": 1},
            undefined=SYSTEM | {"minCount": DELETE},
            undefined_fixed=SYSTEM | FIXED,
        ),
    },
    "pool-user-nodes": {
        "passes": {
            "three fixed": FIXED | {"count": 3},
            "three, scaling unsaid": UNSCALED | {"count": 3},
            "a system pool": SYSTEM | {"minCount": 2},
            "Spot": SPOT | {"minCount": 0},
        },
        "fails": _fails(
            "may have fewer than 3 nodes",
            two={"minCount": 2},
            two_regular={"minCount": 2, "scaleSetPriority": "Regular"},
            two_mode_unsaid={"minCount": 2, "mode": DELETE},
            two_fixed=FIXED | {"count": 2},
            undefined={"minCount": DELETE},
            undefined_fixed=FIXED,
        ),
    },
    "pool-system-taint": {
        "passes": {"tainted": SYSTEM, "mode unsaid": {"mode": DELETE}},
        "fails": _fails(
            "takes pods of any kind",
            none={"mode": "System"},
            none_in_small_letters={"mode": "system"},
            another=SYSTEM | {"nodeTaints": ["a=b:NoSchedule"]},
        ),
    },
    "pool-unsafe-sysctls": {
        "passes": {
            "empty": {"kubeletConfig": {"allowedUnsafeSysctls": []}},
            "another setting": {"kubeletConfig": {"cpuManagerPolicy": "static"}},
        },
        "fails": _fails(
            "allows the sysctl net.core.somaxconn",
            one={"kubeletConfig": {"allowedUnsafeSysctls": ["net.core.somaxconn"]}},
        ),
    },
    "pool-fips": {
        "fails": _fails(
            "has an image without FIPS 140", off={"enableFIPS": False}, unsaid={"enableFIPS": DELETE}
        ),
    },
    "pool-processes": {
        "passes": {
            "Windows": WINDOWS | {"kubeletConfig": DELETE},
            "one": {"kubeletConfig": {"podMaxPids": 1}},
        },
        "fails": _fails(
            "lets one pod start as many processes as its node has",
            none={"kubeletConfig": DELETE},
            another_setting={"kubeletConfig": {"containerLogMaxFiles": 3}},
            without_end={"kubeletConfig": {"podMaxPids": -1}},
            nought={"kubeletConfig": {"podMaxPids": 0}},
            said_to_be_linux={"kubeletConfig": DELETE, "osType": "Linux"},
            of_no_system={"kubeletConfig": DELETE, "osType": DELETE},
        ),
    },
    "pool-swap": {
        "passes": {
            "none": {"linuxOSConfig": {"swapFileSizeMB": 0}},
            "another setting": {"linuxOSConfig": {"sysctls": {"vmSwappiness": 1}}},
        },
        "fails": _fails("has a swap file", some={"linuxOSConfig": {"swapFileSizeMB": 1024}}),
    },
    "pool-open-host-ports": {
        "passes": {
            "empty": {"networkProfile": {"allowedHostPorts": []}},
            "another setting": {"networkProfile": {"applicationSecurityGroups": ["/x"]}},
        },
        "fails": _fails(
            "opens host ports in its network security group",
            one={"networkProfile": {"allowedHostPorts": [{"portStart": 80, "portEnd": 80}]}},
        ),
    },
    "pool-name": {
        "passes": {
            "chosen by Pulumi": {"agentPoolName": DELETE},
            "twelve": {"agentPoolName": "abcdefghij12"},
            "one": {"agentPoolName": "a"},
            "six on Windows": {"agentPoolName": "winabc", "osType": "Windows"},
            "system unsaid": {"agentPoolName": "abcdefghij12", "osType": DELETE},
        },
        "fails": {
            name: ({"agentPoolName": name, "osType": system}, f'pool "{name}" has a name Azure does not take')
            for name, system in (
                ("abcdefghijk12", "Linux"),
                ("winabcd", "Windows"),
                ("1a", "Linux"),
                ("a-b", "Linux"),
                ("General", "Linux"),
            )
        },
    },
}
