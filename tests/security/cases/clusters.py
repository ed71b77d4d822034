"""Cases of the cluster rules."""

from typing import Any

from tests.security.build import BREAK_GLASS, DELETE, cluster

HAPPY = cluster
TYPE = "azure-native:containerservice:ManagedCluster"


def _flag(path, words):
    """The cases of a rule that wants `path` to be there and true."""
    parts = path.split(".")
    holders = [".".join(parts[: index + 1]) for index in range(len(parts))]
    return {
        "fails": {"false": ({path: False}, words)}
        | {f"no {holder}": ({holder: DELETE}, words) for holder in holders}
    }


def _never(path, words):
    """The cases of a rule that wants `path` not to be true."""
    parts = path.split(".")
    empty = {f"no {parts[index]}": {".".join(parts[:index]): {}} for index in range(1, len(parts))}
    return {"passes": {"false": {path: False}} | empty, "fails": {"true": ({path: True}, words)}}


OPEN = "the cluster is not private and authorizedIPRanges is empty"
ACCESS = "apiServerAccessProfile"
NO_IDENTITY = "the cluster has no managed identity"
WORKLOAD_IDENTITY = "oidcIssuerProfile.enabled and securityProfile.workloadIdentity.enabled are not both true"
NOT_ROTATED = "the Key Vault provider does not rotate mounted secrets"
PROVIDER = "addonProfiles.azureKeyvaultSecretsProvider"
KURED = {"facts": {"nodeUpdates": "kured"}}
CHANNEL = "autoUpgradeProfile.nodeOSUpgradeChannel"


def _value(path, words, good, bad):
    """The cases of a rule that wants one of `good` at a path of two parts."""
    holder = path.partition(".")[0]
    return {
        "passes": {value: {path: value} for value in good},
        "fails": {bad: ({path: bad}, f"{words} {bad}")}
        | {f"no {gone}": ({gone: DELETE}, f"{words} not set") for gone in (path, holder)},
    }


KMS = "securityProfile.azureKeyVaultKms"
IN_URL = "a URL of httpProxyConfig has a user and a password in it"
PUBLIC = "a gateway that AKS keeps has, or may get, a public address"
OUT = "networkProfile.outboundType lets every node reach the internet"


def _gateways(*gateways):
    return {
        "serviceMeshProfile": {"mode": "Istio", "istio": {"components": {"ingressGateways": list(gateways)}}}
    }


CASES: dict[str, dict[str, Any]] = {
    "cluster-entra": _flag("aadProfile.managed", "aadProfile.managed is not true"),
    "cluster-local-accounts": _flag("disableLocalAccounts", "disableLocalAccounts is not true"),
    "cluster-break-glass": {
        "fails": {
            name: (changes, "aadProfile.adminGroupObjectIDs names no group")
            for name, changes in {
                "empty": {"aadProfile.adminGroupObjectIDs": []},
                "an empty one": {"aadProfile.adminGroupObjectIDs": [""]},
                "a blank one": {"aadProfile.adminGroupObjectIDs": [" "]},
                "a name": {"aadProfile.adminGroupObjectIDs": ["break-glass"]},
                "nobody's number": {
                    "aadProfile.adminGroupObjectIDs": ["00000000-0000-0000-0000-000000000000"]
                },
                "no number": {"aadProfile.adminGroupObjectIDs": ["-" * 36]},
                "more than one's number": {"aadProfile.adminGroupObjectIDs": [f"{BREAK_GLASS}0"]},
                "what holds a number": {"aadProfile.adminGroupObjectIDs": [f"a{BREAK_GLASS}"]},
                "undefined": {"aadProfile.adminGroupObjectIDs": DELETE},
                "no profile": {"aadProfile": DELETE},
            }.items()
        }
    },
    "cluster-proxy-password": {
        "passes": {
            "no user": {
                "httpProxyConfig": {"httpProxy": "http://proxy:3128/", "httpsProxy": "http://proxy:3128/"}
            },
            "an authority alone": {"httpProxyConfig": {"trustedCa": "Q0E="}},
        },
        "fails": {
            "http": ({"httpProxyConfig": {"httpProxy": "http://a:b@proxy/"}}, IN_URL),
            "https": (
                {"httpProxyConfig": {"httpProxy": "http://proxy/", "httpsProxy": "http://a:b@proxy/"}},
                IN_URL,
            ),
        },
    },
    "cluster-public-ingress": {
        "passes": {
            "off": {"ingressProfile": {"webAppRouting": {"enabled": False}}},
            "unsaid": {"ingressProfile": {"webAppRouting": {}}},
            "nothing of it": {"ingressProfile": {}},
            **{
                kind: {
                    "ingressProfile": {
                        "webAppRouting": {"enabled": True, "nginx": {"defaultIngressControllerType": kind}}
                    }
                }
                for kind in ("Internal", "None")
            },
            "mesh without gateways": {"serviceMeshProfile": {"mode": "Istio", "istio": {"components": {}}}},
            "mesh alone": {"serviceMeshProfile": {"mode": "Istio", "istio": {}}},
            "mesh off": {"serviceMeshProfile": {"mode": "Disabled"}},
            "mesh inside": _gateways({"enabled": True, "mode": "Internal"}),
            "mesh, gateway off": _gateways({"enabled": False, "mode": "External"}),
        },
        "fails": {
            "type unsaid": ({"ingressProfile": {"webAppRouting": {"enabled": True}}}, PUBLIC),
            "type empty": ({"ingressProfile": {"webAppRouting": {"enabled": True, "nginx": {}}}}, PUBLIC),
            **{
                kind: (
                    {
                        "ingressProfile": {
                            "webAppRouting": {
                                "enabled": True,
                                "nginx": {"defaultIngressControllerType": kind},
                            }
                        }
                    },
                    PUBLIC,
                )
                for kind in ("External", "AnnotationControlled")
            },
            "mesh outside": (_gateways({"enabled": True, "mode": "External"}), PUBLIC),
            "mesh unsaid": (_gateways({"enabled": True}), PUBLIC),
            "one of two": (
                _gateways({"enabled": True, "mode": "Internal"}, {"enabled": True, "mode": "External"}),
                PUBLIC,
            ),
        },
    },
    "cluster-outbound-firewall": {
        "passes": {kind: {"networkProfile.outboundType": kind} for kind in ("userDefinedRouting", "none")},
        "fails": {
            **{
                kind: ({"networkProfile.outboundType": kind}, OUT)
                for kind in ("loadBalancer", "userAssignedNATGateway")
            },
            "unsaid": ({"networkProfile": {}}, OUT),
            "no network": ({"networkProfile": DELETE}, OUT),
        },
    },
    "cluster-rbac": {
        "passes": {"undefined": {"enableRBAC": DELETE}},
        "fails": {"false": ({"enableRBAC": False}, "enableRBAC is false")},
    },
    "cluster-azure-rbac": _flag("aadProfile.enableAzureRBAC", "aadProfile.enableAzureRBAC is not true"),
    "cluster-api-server-access": {
        "passes": {
            "ranges": {ACCESS: {"authorizedIPRanges": ["203.0.113.0/24"]}},
            "ranges, private said no": {
                ACCESS: {"authorizedIPRanges": ["203.0.113.0/24"], "enablePrivateCluster": False}
            },
            "as many addresses as one /8": {
                ACCESS: {"authorizedIPRanges": ["7.0.0.0/9", "7.128.0.0/9", "7.1.2.3"]}
            },
            "a wide one of IPv6": {ACCESS: {"authorizedIPRanges": ["2001:db8::/24"]}},
            "public access off": {ACCESS: DELETE, "publicNetworkAccess": "Disabled"},
        },
        "fails": {
            "no profile": ({ACCESS: DELETE}, OPEN),
            "no ranges": ({ACCESS: {"authorizedIPRanges": []}}, OPEN),
            "neither": ({ACCESS: {"enablePrivateCluster": False}}, OPEN),
            "public access on": ({ACCESS: DELETE, "publicNetworkAccess": "Enabled"}, OPEN),
            "everybody": (
                {ACCESS: {"authorizedIPRanges": ["0.0.0.0/0"]}},
                "authorizedIPRanges has 0.0.0.0/0",
            ),
            "everybody among others": (
                {ACCESS: {"authorizedIPRanges": ["203.0.113.0/24", "::/0"]}},
                "authorizedIPRanges has ::/0",
            ),
            "everybody, written as IPv6": (
                {ACCESS: {"authorizedIPRanges": ["::ffff:0:0/96"]}},
                "authorizedIPRanges has 0.0.0.0/0",
            ),
            "everybody in two": (
                {ACCESS: {"authorizedIPRanges": ["0.0.0.0/1", "128.0.0.0/1"]}},
                "authorizedIPRanges has 0.0.0.0/0",
            ),
            "everybody but one": (
                {ACCESS: {"authorizedIPRanges": ["0.0.0.0/1", "128.0.0.0/2", "193.0.0.0/8"]}},
                "authorizedIPRanges has 0.0.0.0/1, 128.0.0.0/2, 193.0.0.0/8",
            ),
            "everybody spelled otherwise": (
                {ACCESS: {"authorizedIPRanges": ["0.0.0.0/00"]}},
                "authorizedIPRanges has 0.0.0.0/0",
            ),
            "half of IPv6": (
                {ACCESS: {"authorizedIPRanges": ["8000::/1"]}},
                "authorizedIPRanges has 8000::/1",
            ),
            "no range": (
                {ACCESS: {"authorizedIPRanges": ["203.0.113.0/24", "AzureCloud"]}},
                "authorizedIPRanges has AzureCloud is no range",
            ),
        },
    },
    "cluster-private": _flag(f"{ACCESS}.enablePrivateCluster", f"{ACCESS}.enablePrivateCluster is not true"),
    "cluster-public-fqdn": {
        "passes": {
            "not private": {ACCESS: {"enablePrivateCluster": False}},
            "private unsaid": {ACCESS: {"disableRunCommand": True}},
            "no profile": {ACCESS: DELETE},
        },
        "fails": {
            name: (changes, f"{ACCESS}.enablePrivateClusterPublicFQDN is not false")
            for name, changes in {
                "true": {f"{ACCESS}.enablePrivateClusterPublicFQDN": True},
                "undefined": {f"{ACCESS}.enablePrivateClusterPublicFQDN": DELETE},
            }.items()
        },
    },
    "cluster-run-command": _flag(f"{ACCESS}.disableRunCommand", f"{ACCESS}.disableRunCommand is not true"),
    "cluster-defender": _flag(
        "securityProfile.defender.securityMonitoring.enabled",
        "securityProfile.defender.securityMonitoring.enabled is not true",
    ),
    "cluster-azure-policy": _flag(
        "addonProfiles.azurepolicy.enabled", "addonProfiles.azurepolicy.enabled is not true"
    ),
    "cluster-network-policy": _value(
        "networkProfile.networkPolicy",
        "networkProfile.networkPolicy is",
        ("calico", "azure", "cilium"),
        "none",
    ),
    "cluster-network-plugin": _value(
        "networkProfile.networkPlugin", "networkProfile.networkPlugin is", ("azure", "none"), "kubenet"
    ),
    "cluster-load-balancer": {
        "passes": {
            "Standard": {"networkProfile.loadBalancerSku": "Standard"},
            "undefined": {"networkProfile.loadBalancerSku": DELETE},
            "no profile": {"networkProfile": DELETE},
        },
        "fails": {
            "basic": ({"networkProfile.loadBalancerSku": "basic"}, "networkProfile.loadBalancerSku is basic")
        },
    },
    "cluster-tier": _value("sku.tier", "sku.tier is", ("Standard", "Premium"), "Free"),
    "cluster-workload-identity": {
        "fails": {
            f"{what} {path}": ({path: value}, WORKLOAD_IDENTITY)
            for what, path, value in (
                ("false", "oidcIssuerProfile.enabled", False),
                ("no", "oidcIssuerProfile.enabled", DELETE),
                ("no", "oidcIssuerProfile", DELETE),
                ("false", "securityProfile.workloadIdentity.enabled", False),
                ("no", "securityProfile.workloadIdentity.enabled", DELETE),
                ("no", "securityProfile.workloadIdentity", DELETE),
                ("no", "securityProfile", DELETE),
            )
        }
    },
    "cluster-pod-identity": _never("podIdentityProfile.enabled", "podIdentityProfile.enabled is true"),
    "cluster-managed-identity": {
        "passes": {
            "the cluster's own": {"identity.type": "SystemAssigned"},
            "what AKS says of it": {"servicePrincipalProfile": {"clientId": "msi"}},
        },
        "fails": {
            "none": ({"identity.type": "None"}, NO_IDENTITY),
            "no type": ({"identity.type": DELETE}, NO_IDENTITY),
            "undefined": ({"identity": DELETE}, NO_IDENTITY),
            "no type, with what AKS says": (
                {"identity.type": DELETE, "servicePrincipalProfile": {"clientId": "msi"}},
                NO_IDENTITY,
            ),
            "a service principal of no name": (
                {"servicePrincipalProfile": {"secret": "s"}},
                "the cluster uses a service principal",
            ),
            "a service principal": (
                {"servicePrincipalProfile": {"clientId": "c"}},
                "the cluster uses a service principal",
            ),
        },
    },
    "cluster-image-cleaner": _flag(
        "securityProfile.imageCleaner.enabled", "securityProfile.imageCleaner.enabled is not true"
    ),
    "cluster-upgrade-channel": _value(
        "autoUpgradeProfile.upgradeChannel", "autoUpgradeProfile.upgradeChannel is", ("none",), "stable"
    ),
    "cluster-node-os-channel": {
        "passes": {
            "SecurityPatch": {CHANNEL: "SecurityPatch"},
            "Unmanaged with kured": {CHANNEL: "Unmanaged"} | KURED,
        },
        "fails": {
            name: (changes, f"{CHANNEL} is {what} and nothing reboots nodes")
            for name, changes, what in (
                ("None", {CHANNEL: "None"}, "None"),
                ("Unmanaged without kured", {CHANNEL: "Unmanaged"}, "Unmanaged"),
                ("undefined", {CHANNEL: DELETE}, "not set"),
                ("no profile", {"autoUpgradeProfile": DELETE}, "not set"),
            )
        }
        | {
            f"{channel} with kured": (
                {CHANNEL: channel} | KURED,
                f"{CHANNEL} is {channel} and kured is to reboot nodes",
            )
            for channel in ("SecurityPatch", "NodeImage", "None")
        },
    },
    "cluster-http-application-routing": _never(
        "addonProfiles.httpApplicationRouting.enabled", "addonProfiles.httpApplicationRouting.enabled is true"
    ),
    "cluster-dashboard": _never(
        "addonProfiles.kubeDashboard.enabled", "addonProfiles.kubeDashboard.enabled is true"
    ),
    "cluster-secret-store": _flag(f"{PROVIDER}.enabled", f"{PROVIDER}.enabled is not true"),
    "cluster-secret-rotation": {
        "passes": {
            "add-on off": {PROVIDER: {"enabled": False}},
            "add-on unsaid": {PROVIDER: {}},
            "no add-on": {PROVIDER: DELETE},
            "no add-ons": {"addonProfiles": DELETE},
        },
        "fails": {
            "false": ({f"{PROVIDER}.config.enableSecretRotation": "false"}, NOT_ROTATED),
            "undefined": ({f"{PROVIDER}.config": {}}, NOT_ROTATED),
            "no config": ({f"{PROVIDER}.config": DELETE}, NOT_ROTATED),
        },
    },
    "cluster-container-insights": _flag(
        "addonProfiles.omsagent.enabled", "addonProfiles.omsagent.enabled is not true"
    ),
    "cluster-disk-encryption-set": {
        "fails": {
            "undefined": ({"diskEncryptionSetID": DELETE}, "diskEncryptionSetID is not set"),
            **{
                f'"{value}"': ({"diskEncryptionSetID": value}, "diskEncryptionSetID is not set")
                for value in ("", " ", "none", "/subscriptions/s/diskEncryptionSets/ ")
            },
        }
    },
    "cluster-kms": _flag(
        "securityProfile.azureKeyVaultKms.enabled", "securityProfile.azureKeyVaultKms.enabled is not true"
    ),
    "cluster-kms-network": {
        "passes": {
            "private": {KMS: {"enabled": True, "keyVaultNetworkAccess": "Private"}},
            "no key of ours": {KMS: {"enabled": False, "keyVaultNetworkAccess": "Public"}},
            "not said": {KMS: {"keyVaultNetworkAccess": "Public"}},
            "no KMS": {KMS: DELETE},
            "no profile": {"securityProfile": DELETE},
        },
        "fails": {
            "public": (
                {KMS: {"enabled": True, "keyVaultNetworkAccess": "Public"}},
                f"{KMS}.keyVaultNetworkAccess is not Private",
            ),
            "by default": ({KMS: {"enabled": True}}, f"{KMS}.keyVaultNetworkAccess is not Private"),
        },
    },
    "cluster-node-resource-group": _value(
        "nodeResourceGroupProfile.restrictionLevel",
        "nodeResourceGroupProfile.restrictionLevel is",
        ("ReadOnly",),
        "Unrestricted",
    ),
    "cluster-name": {
        "passes": {
            "chosen by Azure": {"resourceName": DELETE, "dnsPrefix": DELETE},
            "the longest": {"resourceName": "a" * 63, "dnsPrefix": "b" * 54},
            "one letter": {"resourceName": "a", "dnsPrefix": "b"},
            "an underscore": {"resourceName": "a_b"},
        },
        "fails": {
            name: (changes, f"a name does not fit:{words}")
            for name, changes, words in (
                ("too long", {"resourceName": "a" * 64, "dnsPrefix": DELETE}, f" resourceName {'a' * 64}"),
                ("a dot", {"resourceName": "a.b", "dnsPrefix": DELETE}, " resourceName a.b"),
                ("ends with a hyphen", {"resourceName": "a-", "dnsPrefix": DELETE}, " resourceName a-"),
                (
                    "the prefix too long",
                    {"resourceName": DELETE, "dnsPrefix": "b" * 55},
                    f" dnsPrefix {'b' * 55}",
                ),
                ("an underscore in the prefix", {"dnsPrefix": "a_b"}, " resourceName aks-prod dnsPrefix a_b"),
            )
        },
    },
}
