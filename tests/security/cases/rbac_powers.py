"""Cases of the RBAC rules about writing: one resource, one verb, one API group at a time."""

from functools import partial
from typing import Any

from tests.security.build import DELETE, role

CLUSTER_ROLE = {"from": partial(role, "ClusterRole")}
WRITES = ["create", "update", "patch"]
DELETES = ["delete", "deletecollection"]
API = "rbac.authorization.k8s.io"


def rule_of(groups, resources, verbs, **more):
    """A second rule of the role."""
    return {"rules[1]": {"apiGroups": groups, "resources": resources, "verbs": verbs, **more}}


def power(words, group, resources, verbs, *, other_verb="watch", **more) -> dict[str, dict[str, Any]]:
    """The cases of a rule that refuses these verbs on these resources of one API group."""
    refused = f'Role "reader" {words}'
    fails = {
        f"{verb} {resource}": (rule_of([group], [resource], [verb], **more), refused)
        for verb in verbs
        for resource in resources
    }
    fails |= {
        "every group": (rule_of(["*"], [resources[0]], [verbs[0]], **more), refused),
        "every resource": (rule_of([group], ["*"], [verbs[0]], **more), refused),
        "every verb": (rule_of([group], [resources[0]], ["*"], **more), refused),
        "among others": (
            rule_of(["x.io", group], ["things", resources[0]], [other_verb, verbs[0]], **more),
            refused,
        ),
        "a ClusterRole": (
            CLUSTER_ROLE | rule_of([group], [resources[0]], [verbs[0]], **more),
            f'ClusterRole "reader" {words}',
        ),
    }
    passes = {
        "another verb": rule_of([group], [resources[0]], [other_verb], **more),
        "another resource": rule_of([group], ["things"], [verbs[0]], **more),
        "another group": rule_of(["x.io"], [resources[0]], [verbs[0]], **more),
    }
    return {"passes": passes, "fails": fails}


CHECKS = "changes webhooks or admission policies"


def with_gatekeeper(cases):
    """The cases of a rule that refuses changes of whatever the Azure Policy add-on or Kyverno checks by too."""
    for group in (
        *(
            f"{part}.gatekeeper.sh"
            for part in ("config", "constraints", "expansion", "externaldata", "mutations", "templates")
        ),
        "kyverno.io",
        "policies.kyverno.io",
    ):
        cases["passes"][f"{group} read"] = rule_of(
            [group], ["k8sazurev2noprivilege"], ["get", "list", "watch"]
        )
        cases["fails"] |= {
            f"{verb} of {group}": (
                rule_of([group], ["k8sazurev2noprivilege"], [verb]),
                f'Role "reader" {CHECKS}',
            )
            for verb in [*WRITES, *DELETES, "*"]
        }
        cases["fails"][f"{group} among others"] = (
            rule_of(["x.io", group], ["things"], ["get", "update"]),
            f'Role "reader" {CHECKS}',
        )
    return cases


def _of_presets(cases, words, names, group, resource):
    """The cases of a rule that lets the presets' Roles do it, and anybody with names."""
    cases["passes"] |= {
        f"the preset {name}": {"metadata.name": name} | rule_of([group], [resource], ["create"])
        for name in names
    }
    cases["fails"]["a Role called as the preset, in a namespace of AKS"] = (
        {"metadata.name": names[0], "metadata.namespace": "aks-istio-system"}
        | rule_of([group], [resource], ["create"]),
        f'Role "{names[0]}" {words}',
    )
    cases["fails"] |= {
        f"a Role called as the preset, in {namespace}": (
            {"metadata.name": names[0], "metadata.namespace": namespace} | rule_of([group], [resource], ["create"]),
            f'Role "{names[0]}" {words}',
        )
        for namespace in (
            "default", "ingress-nginx", "kube-node-lease", "kube-public", "kured", "secure-aks-admission", "security-profiles",
        )
    }  # fmt: skip
    cases["passes"]["by name"] = rule_of([group], [resource], ["update"], resourceNames=["own"])
    cases["fails"]["the name of requests without one"] = (
        rule_of([group], [resource], ["create"], resourceNames=["own", ""]),
        f'Role "reader" {words}',
    )
    cases["fails"]["no names at all"] = (
        rule_of([group], [resource], ["create"], resourceNames=[]),
        f'Role "reader" {words}',
    )
    cases["fails"]["a ClusterRole called as the preset"] = (
        CLUSTER_ROLE | {"metadata.name": names[0]} | rule_of([group], [resource], ["create"]),
        f'ClusterRole "{names[0]}" {words}',
    )
    return cases


def _both(words, first, second):
    """The cases of a rule about the resources of several API groups."""
    cases = power(words, first[0], first[1], WRITES)
    cases["fails"] |= {
        f"{name}, {second[0]}": case
        for name, case in power(words, second[0], second[1], WRITES)["fails"].items()
    }
    cases["passes"] |= {
        "crosswise": rule_of([second[0]], [first[1][0]], ["create"]),
        "crosswise back": rule_of([first[0]], [second[1][0]], ["create"]),
    }
    return cases


_RUNS = "runs pods of its own"
_WORKLOADS = _both(
    _RUNS,
    ("", ["pods", "replicationcontrollers"]),
    ("apps", ["deployments", "statefulsets", "daemonsets", "replicasets", "controllerrevisions"]),
)
_WORKLOADS["fails"] |= {
    f"{name}, batch": case
    for name, case in power(_RUNS, "batch", ["jobs", "cronjobs"], WRITES)["fails"].items()
}
_WORKLOADS["fails"] |= {
    f"a workload of AKS, by its name, in {namespace}": (
        {"metadata.namespace": namespace}
        | rule_of(["apps"], ["daemonsets"], ["patch"], resourceNames=["proxy"]),
        f'Role "reader" {_RUNS}',
    )
    for namespace in ("kube-system", "aks-istio-system")
}
_WORKLOADS["passes"]["by name, wherever it is bound"] = CLUSTER_ROLE | rule_of(
    ["apps"], ["daemonsets"], ["patch"], resourceNames=["own"]
)
_WORKLOADS["passes"]["other things of batch"] = rule_of(["batch"], ["things"], ["create"])
_WORKLOADS["passes"]["jobs of no group"] = rule_of([""], ["jobs"], ["create"])
_SELECTOR = 'ClusterRole "reader" gathers the rights of roles that others brought'


def _gathers(*selectors):
    return CLUSTER_ROLE | {"rules": DELETE, "aggregationRule": {"clusterRoleSelectors": list(selectors)}}


def _asks(key, operator="Exists"):
    values = {} if operator in {"Exists", "DoesNotExist"} else {"values": ["true"]}
    return {"matchExpressions": [{"key": key, "operator": operator, **values}]}


_OF_CHARTS = (
    "app.kubernetes.io/name",
    "argocd.argoproj.io/instance",
    "helm.sh/chart",
    "helm.toolkit.fluxcd.io/name",
    "kubernetes.azure.com/managedby",
    "kustomize.toolkit.fluxcd.io/name",
    "app",
    "k8s-app",
    "component",
    "chart",
    "release",
    "heritage",
)
_OWN = {"matchLabels": {"example.com/part-of": "reader"}}
_EDIT = f"{API}/aggregate-to-edit"

_OF_ALL = {
    "certificates.k8s.io": ["clustertrustbundles"],
    "flowcontrol.apiserver.k8s.io": ["flowschemas", "prioritylevelconfigurations"],
    "gateway.networking.k8s.io": ["gatewayclasses"],
    "groupsnapshot.storage.k8s.io": [
        "volumegroupsnapshotclasses",
        "volumegroupsnapshotcontents",
        "volumegroupsnapshotcontents/status",
    ],
    "internal.apiserver.k8s.io": ["storageversions"],
    "karpenter.azure.com": ["aksnodeclasses"],
    "karpenter.sh": ["nodeclaims", "nodepools"],
    "networking.k8s.io": ["ingressclasses", "ipaddresses", "servicecidrs"],
    "node.k8s.io": ["runtimeclasses"],
    "resource.k8s.io": [
        "deviceclasses",
        "devicetaintrules",
        *(f"{whose}/{part}" for whose in ("resourceclaims", "*") for part in ("binding", "driver", "status")),
        "resourceslices",
    ],
    "scheduling.k8s.io": ["priorityclasses"],
    "snapshot.storage.k8s.io": [
        "volumesnapshotclasses",
        "volumesnapshotcontents",
        "volumesnapshotcontents/status",
    ],
    "storage.k8s.io": [
        "storageclasses",
        "csidrivers",
        "csinodes",
        "volumeattachments",
        "volumeattributesclasses",
    ],
    "storagemigration.k8s.io": ["storageversionmigrations"],
}


def _of_all():
    """The cases of a rule about the kinds of many groups that hold for every namespace."""
    words = "changes what holds for every namespace"
    cases = power(words, "storage.k8s.io", _OF_ALL["storage.k8s.io"], [*WRITES, *DELETES])
    cases["fails"] |= {
        f"{resource} of {group}": (rule_of([group], [resource], ["update"]), f'Role "reader" {words}')
        for group, resources in _OF_ALL.items()
        for resource in resources
    }
    # The verbs that drivers have for the claims of their node, and of any (Kubernetes' hardening guide of these).
    cases["fails"] |= {
        f"{verb} by {whose}": (
            rule_of(["resource.k8s.io"], ["resourceclaims/driver"], [f"{whose}:{verb}"]),
            f'Role "reader" {words}',
        )
        for whose in ("associated-node", "arbitrary-node")
        for verb in ("update", "patch")
    }
    cases["passes"]["claims' own status read"] = rule_of(
        ["resource.k8s.io"], ["resourceclaims/driver", "resourceclaims/binding"], ["get"]
    )
    cases["passes"]["reports of pools of devices"] = rule_of(
        ["resource.k8s.io"], ["resourcepoolstatusrequests"], ["create"]
    )
    cases["passes"]["claims of volumes"] = rule_of([""], ["persistentvolumeclaims"], ["create"])
    cases["passes"]["claims of devices"] = rule_of(["resource.k8s.io"], ["resourceclaims"], ["create"])
    cases["passes"]["snapshots"] = rule_of(["snapshot.storage.k8s.io"], ["volumesnapshots"], ["create"])
    return cases


_TAKES = 'ClusterRole "reader" takes Leases of Kubernetes itself'
_COORDINATION = "coordination.k8s.io"
_TAKEN = [
    *(("leases", verb) for verb in ("update", "patch", *DELETES, "*")),
    *(("leasecandidates", verb) for verb in (*WRITES, *DELETES, "*")),
    ("*", "update"),
    ("*", "create"),
]


def _leases(resource, verb, group=_COORDINATION, **more):
    return CLUSTER_ROLE | rule_of([group], [resource], [verb], **more)


_LEASES: dict[str, dict[str, Any]] = {
    "passes": {
        "a Role of its own": rule_of([_COORDINATION], ["leases"], ["update"]),
        **{f"{verb}s": _leases("leases", verb) for verb in ("get", "list", "watch", "create")},
        "candidates read": _leases("leasecandidates", "get"),
        "another resource": _leases("things", "update"),
        "another group": _leases("leases", "update", "x.io"),
        "by name": _leases("leases", "update", resourceNames=["own-leader"]),
        "by name in kube-system": {"metadata.namespace": "kube-system"}
        | rule_of([_COORDINATION], ["leases"], ["update"], resourceNames=["own-leader"]),
    },
    "fails": {
        **{f"{verb} {resource}": (_leases(resource, verb), _TAKES) for resource, verb in _TAKEN},
        "every group": (_leases("leases", "update", "*"), _TAKES),
        "among others": (
            CLUSTER_ROLE | rule_of(["x.io", _COORDINATION], ["things", "leases"], ["get", "patch"]),
            _TAKES,
        ),
        "candidates among others": (
            CLUSTER_ROLE | rule_of([_COORDINATION], ["things", "leasecandidates"], ["get", "create"]),
            _TAKES,
        ),
        "no names at all": (_leases("leases", "update", resourceNames=[]), _TAKES),
        **{
            f'the name "{name}"': (_leases("leases", "update", resourceNames=["own", name]), _TAKES)
            for name in ("", "kube-controller-manager", "kube-scheduler", "cloud-controller-manager")
        },
        **{
            f"a Role in {namespace}": (
                {"metadata.namespace": namespace} | rule_of([_COORDINATION], ["leases"], ["update"]),
                'Role "reader" takes Leases of Kubernetes itself',
            )
            for namespace in ("kube-system", "kube-node-lease")
        },
    },
}


def _paths(*urls, verb="get"):
    return CLUSTER_ROLE | {"rules[1]": {"nonResourceURLs": list(urls), "verbs": [verb]}}


_INTO_THE_SERVER = (
    "/logs",
    "/logs/",
    "/logs/kube-apiserver.log",
    "/debug",
    "/debug/pprof/heap",
    "/debug/flags/v",
    "/debug/api_priority_and_fairness/dump_requests",
    "*",
    "**",
    *(f"/{word[:size]}*" for word in ("logs", "debug") for size in range(len(word) + 1)),
    "/logs/*",
    "/debug/pprof/*",
)
_SERVER_PATHS: dict[str, dict[str, Any]] = {
    "passes": {
        "what monitoring reads": _paths("/metrics", "/metrics/slis", "/flagz", "/statusz", "/configz"),
        "what begins like them": _paths(
            "/logs-of-mine", "/debugger", "/logsdebug", "/my/logs", "/my/debug", "/loose*", "/xlogs*"
        ),
        "discovery": _paths("/", "/api", "/apis", "/openapi/*", "/version"),
        "resources of these names": CLUSTER_ROLE | rule_of([""], ["pods/log", "logs", "debug"], ["get"]),
    },
    "fails": {
        **{
            f"the path {url}": (_paths(url), f'ClusterRole "reader" reaches into the API server by {url}')
            for url in _INTO_THE_SERVER
        },
        "written": (
            _paths("/debug/flags/v", verb="put"),
            'ClusterRole "reader" reaches into the API server by /debug/flags/v',
        ),
        "among others": (
            _paths("/metrics", "/logs/x", "/debug"),
            'ClusterRole "reader" reaches into the API server by /logs/x',
        ),
    },
}

_CHANGES = "changes ConfigMaps of AKS and Kubernetes"
_OF_AKS = {"metadata.namespace": "kube-system"}


def _maps(verb="update", resource="configmaps", group="", **more):
    return CLUSTER_ROLE | rule_of([group], [resource], [verb], **more)


_CONFIG_MAPS: dict[str, dict[str, Any]] = {
    "passes": {
        "a Role of its own": rule_of([""], ["configmaps"], ["update"]),
        **{f"{verb}s": _maps(verb) for verb in ("get", "list", "watch", "create")},
        "another resource": _maps(resource="things"),
        "another group": _maps(group="x.io"),
        "by name": _maps(
            resourceNames=[
                "own",
                "istio",
                "istio-asm",
                "istio-leader",
                "my-istio-asm-",
                "coredns-mine",
                "cluster-autoscaler-status",
            ]
        ),
        "reading them in kube-system": _OF_AKS | rule_of([""], ["configmaps"], ["get"]),
        "making them in its own": rule_of([""], ["configmaps"], ["create"]),
        "by name in kube-system": _OF_AKS | rule_of([""], ["configmaps"], ["update"], resourceNames=["own"]),
    },
    "fails": {
        **{
            f"{verb}s": (_maps(verb), f'ClusterRole "reader" {_CHANGES}')
            for verb in ("update", "patch", *DELETES, "*")
        },
        "every group": (_maps(group="*"), f'ClusterRole "reader" {_CHANGES}'),
        "every resource": (_maps(resource="*"), f'ClusterRole "reader" {_CHANGES}'),
        "among others": (
            CLUSTER_ROLE | rule_of(["x.io", ""], ["things", "configmaps"], ["get", "patch"]),
            f'ClusterRole "reader" {_CHANGES}',
        ),
        "making them in kube-system": (
            _OF_AKS | rule_of([""], ["configmaps"], ["create"]),
            f'Role "reader" {_CHANGES}',
        ),
        "no names at all": (_maps(resourceNames=[]), f'ClusterRole "reader" {_CHANGES}'),
        **{
            f'the name "{name}"': (_maps(resourceNames=["own", name]), f'ClusterRole "reader" {_CHANGES}')
            for name in (
                "",
                "ama-metrics-prometheus-config",
                "ama-metrics-prometheus-config-node",
                "ama-metrics-settings-configmap",
                "azure-ip-masq-agent-config",
                "azure-ip-masq-agent-config-reconciled",
                "cilium-config",
                "container-azm-ms-agentconfig",
                "coredns",
                "coredns-autoscaler",
                "coredns-custom",
                "eraser-manager-config",
                "eraser-system-exclusion",
                "extension-apiserver-authentication",
                "istio-asm-1-29",
                "istio-gateway-class-defaults",
                "istio-shared-configmap-asm-1-29",
                "kube-apiserver-legacy-service-account-token-tracking",
                "kube-root-ca.crt",
            )
        },
        **{
            f"a Role in {namespace}": (
                {"metadata.namespace": namespace} | rule_of([""], ["configmaps"], ["update"]),
                f'Role "reader" {_CHANGES}',
            )
            for namespace in ("kube-system", "aks-istio-system")
        },
    },
}


def _api_services():
    """The cases of a rule about who answers for a group of the API, and for a kind."""
    words = "changes APIServices or CustomResourceDefinitions"
    verbs = [*WRITES, *DELETES]
    cases = power(words, "apiregistration.k8s.io", ["apiservices", "apiservices/status", "*/status"], verbs)
    kinds = ["customresourcedefinitions", "customresourcedefinitions/status"]
    of_kinds = power(words, "apiextensions.k8s.io", kinds, verbs)
    cases["fails"] |= {f"{name}, of a kind": case for name, case in of_kinds["fails"].items()}
    return cases


_STEERED = (
    "apiextensions.crossplane.io",
    "authorization.azure.com",
    "authorization.azure.m.upbound.io",
    "authorization.azure.upbound.io",
    "auto.pulumi.com",
    "clusterconfig.azure.com",
    "containerservice.azure.com",
    "containerservice.azure.m.upbound.io",
    "containerservice.azure.upbound.io",
    "helm.cattle.io",
    "helm.crossplane.io",
    "helm.m.crossplane.io",
    "infra.contrib.fluxcd.io",
    "kro.run",
    "kubernetes.crossplane.io",
    "kubernetes.m.crossplane.io",
    "kubernetesconfiguration.azure.com",
    "managedidentity.azure.com",
    "managedidentity.azure.m.upbound.io",
    "managedidentity.azure.upbound.io",
    "operators.coreos.com",
    "pkg.crossplane.io",
    "pulumi.com",
    "resources.azure.m.upbound.io",
    "resources.azure.upbound.io",
    "velero.io",
    "work.open-cluster-management.io",
    "cluster.x-k8s.io",
    "infrastructure.cluster.x-k8s.io",
)
_OF_REPOSITORIES = (
    ("argoproj.io", "applications"),
    ("argoproj.io", "applicationsets"),
    ("argoproj.io", "appprojects"),
    ("argoproj.io", "*"),
    ("helm.toolkit.fluxcd.io", "helmreleases"),
    ("kustomize.toolkit.fluxcd.io", "kustomizations"),
)


def _steers():
    """The cases of a rule about what controllers make for whoever writes an object."""
    words = "has controllers make what they may"
    refused, own = f'Role "reader" {words}', {"metadata.namespace": "keeper"}
    cases = power(words, "velero.io", ["restores"], WRITES)
    del cases["passes"]["another resource"]
    cases["passes"]["how many of anything"] = rule_of(["*"], ["pods", "*/scale"], ["update"])
    del cases["fails"]["every group"]
    cases["fails"] |= {
        f"{group}": (rule_of(["x.io", group], ["things"], ["get", "create"]), refused) for group in _STEERED
    }
    for group, resource in _OF_REPOSITORIES:
        cases["passes"][f"{resource} of {group} in a team's namespace"] = rule_of(
            [group], [resource], ["create"]
        )
        cases["passes"][f"{resource} of {group}, wherever it is bound"] = CLUSTER_ROLE | rule_of(
            [group], [resource], ["create"]
        )
        cases["passes"][f"{resource} of {group} looked at"] = own | rule_of([group], [resource], ["get"])
        cases["fails"][f"{resource} of {group} in the platform's"] = (
            own | rule_of(["x.io", group], ["things", resource], ["get", "create"]),
            refused,
        )
    cases["passes"] |= {
        "rollouts": own | rule_of(["argoproj.io"], ["rollouts"], ["create"]),
        "applications of others": own | rule_of(["x.io"], ["applications"], ["create"]),
        "sources of Flux": own | rule_of(["source.toolkit.fluxcd.io"], ["gitrepositories"], ["create"]),
        "databases in Azure": rule_of(["dbforpostgresql.azure.com"], ["flexibleservers"], ["create"]),
    }
    return cases


_ENDPOINTS = _both(
    "changes endpoints",
    ("", ["endpoints", "services/status", "pods/status", "*/status"]),
    ("discovery.k8s.io", ["endpointslices"]),
)
_ENDPOINTS["passes"] |= {
    "Services of its own": rule_of([""], ["services"], ["update"]),
    "Services, wherever it is bound": CLUSTER_ROLE | rule_of([""], ["services"], ["update"]),
    "Services of AKS made": _OF_AKS | rule_of([""], ["services"], ["create"]),
    "other things of AKS": _OF_AKS | rule_of([""], ["things"], ["update"]),
    "Services of AKS, of another group": _OF_AKS | rule_of(["x.io"], ["services"], ["update"]),
}
_ENDPOINTS["fails"] |= {
    f"Services of AKS, {verb} of {group}": (
        _OF_AKS | rule_of(["x.io", group], ["things", "services"], ["get", verb], resourceNames=["kube-dns"]),
        'Role "reader" changes endpoints',
    )
    for verb in ("update", "patch", "*")
    for group in ("", "*")
}


CASES: dict[str, dict[str, Any]] = {
    "rbac-controllers": _steers(),
    "rbac-leases": _LEASES,
    "rbac-cluster-objects": _of_all(),
    "rbac-namespace-change": power(
        "changes namespaces",
        "",
        ["namespaces", "namespaces/status", "namespaces/finalize", "*/status", "*/finalize"],
        [*WRITES, *DELETES],
    ),
    "rbac-write-secrets": _of_presets(
        power("writes Secrets of any name", "", ["secrets"], WRITES),
        "writes Secrets of any name", ["operator"], "", "secrets",
    ),
    "rbac-role-changes": power(
        "changes roles or bindings", API, ["roles", "rolebindings", "clusterroles", "clusterrolebindings"], [*WRITES, *DELETES]
    ),
    "rbac-nodes-change": power("changes nodes", "", ["nodes", "nodes/status", "*/status"], [*WRITES, *DELETES]),
    "rbac-workload-proxy": power(
        "reaches pods or Services through the API server",
        "",
        ["pods/proxy", "services/proxy", "*/proxy"],
        ["get", *WRITES, "delete"],
    ),
    "rbac-api-services": _api_services(),
    "rbac-config-maps": _CONFIG_MAPS,
    "rbac-server-paths": _SERVER_PATHS,
    "rbac-endpoints": _ENDPOINTS,
    "rbac-workloads": _of_presets(_WORKLOADS, _RUNS, ["developer", "operator"], "apps", "deployments"),
    "rbac-aggregation": {
        "passes": {
            "a label of its own": _gathers(_OWN),
            "one more label of its own": _gathers({"matchLabels": {_EDIT: "true", "example.com/a": "b"}}),
            "a chart's, and a label of its own": _gathers(
                {"matchLabels": {"app.kubernetes.io/name": "x", "example.com/a": "b"}}
            ),
            "a label of one's own called as Flux's": _gathers({"matchLabels": {"toolkit.fluxcd.io/a": "b"}}),
            "view": _gathers({"matchLabels": {f"{API}/aggregate-to-view": "true"}}),
            "an expression": _gathers(_asks("example.com/a")),
            "one of two expressions": _gathers(
                {"matchExpressions": [*_asks("a")["matchExpressions"], *_asks(_EDIT)["matchExpressions"]]}
            ),
            "one of several values": _gathers(_asks("example.com/a", "In")),
        },
        "fails": {
            name: (_gathers(*selectors), _SELECTOR)
            for name, selectors in {
                "bootstrap roles": [{"matchLabels": {"kubernetes.io/bootstrapping": "rbac-defaults"}}],
                "edit": [{"matchLabels": {_EDIT: "true"}}],
                "what AKS brings along": [{"matchLabels": {"addonmanager.kubernetes.io/mode": "Reconcile"}}],
                "an add-on, by expression": [_asks("addonmanager.kubernetes.io/mode")],
                "everything": [{}],
                "everything, by null": [None],
                "all without a label": [_asks("example.com/a", "DoesNotExist")],
                "all but a value": [_asks("example.com/a", "NotIn")],
                "bootstrap roles by expression": [_asks("kubernetes.io/bootstrapping")],
                "edit by expression": [_asks(_EDIT)],
                **{f"by {label}": [{"matchLabels": {label: "x"}}] for label in _OF_CHARTS},
                **{f"by {label}, by expression": [_asks(label)] for label in _OF_CHARTS},
                "by several": [{"matchLabels": {"app": "cert-manager", "release": "cert-manager"}}],
            }.items()
        }
        | {
            "the second selector": (_gathers(_OWN, {"matchLabels": {_EDIT: "true"}}), _SELECTOR),
        },
    },
}  # fmt: skip
