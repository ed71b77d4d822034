"""The rules about the whole stack."""

from dataclasses import replace
from datetime import date

import pytest
from secure_aks_security.judging import values
from secure_aks_security.judging.judge import Record
from secure_aks_security.judging.resources import Resource
from secure_aks_security.rules import load_rules
from secure_aks_security.stack import STACK_RULES, Report, Stack
from secure_aks_security.stack_file.configuration import configure

from tests.security.analyzer import pack, urn
from tests.security.build import CONFIG, cluster, mutate, pool
from tests.security.test_server import SLOW_WAY

CLUSTER = "azure-native:containerservice:ManagedCluster"
POOL = "azure-native:containerservice:AgentPool"
SUBNET = "azure-native:network:Subnet"
WINDOW = "azure-native:containerservice:MaintenanceConfiguration"
LOG = "azure-native:monitor:DiagnosticSetting"
NAMESPACE = "kubernetes:core/v1:Namespace"
POLICY = "kubernetes:networking.k8s.io/v1:NetworkPolicy"
UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9"
HIDDEN = f"{values.UNKNOWN}x"
RULES = {rule.id: rule() for rule in STACK_RULES}


def resource(token, name, properties, **depends):
    depends = {key: [urn(*value)] for key, value in depends.items()}
    return Resource(token, urn(token, name), name, properties, depends=depends)


def said(rule, *resources, **stack):
    """What a rule says about these resources, and what it does not know."""
    words: list[str] = []
    report = Report(lambda message, _urn=None: words.append(message))
    configuration = configure([*load_rules(), *RULES.values()], stack.get("config", {}))
    RULES[rule].check(Stack(list(resources), configuration, Record(), date(2026, 11, 23)), report)
    return words, report.unknown_words


def namespace(name="app"):
    return resource(NAMESPACE, name, {"metadata": {"name": name}})


def policy(spec, name="deny", where="app"):
    return resource(POLICY, name, {"metadata": {"name": name, "namespace": where}, "spec": spec})


BOTH = {"podSelector": {}, "policyTypes": ["Ingress", "Egress"]}
_HALVES = [{"ipBlock": {"cidr": half}} for half in ("0.0.0.0/1", "128.0.0.0/1")]
_WEB = [{"port": 443}]
# Policies beside one that denies all: what opens all of it again, and what is like it.
_WIDE = [
    {"podSelector": {}, "ingress": [{}]},
    {"podSelector": {"matchLabels": {}}, "ingress": [{"from": [], "ports": []}]},
    {"podSelector": {}, "policyTypes": ["Egress"], "egress": [{"to": [{"podSelector": {}}]}, {}]},
    {"podSelector": {}, "ingress": [{"from": [{"namespaceSelector": {}}]}]},
    {
        "podSelector": {},
        "ingress": [{"from": [{"namespaceSelector": {}, "podSelector": {"matchLabels": {}}}]}],
    },
    {"podSelector": {}, "policyTypes": ["Egress"], "egress": [{"to": _HALVES}]},
    {"podSelector": {}, "policyTypes": ["Egress"], "egress": [{"to": [{"ipBlock": {"cidr": "::/0"}}]}]},
]
_NARROW = [
    {"podSelector": {"matchLabels": {"a": "b"}}, "ingress": [{}]},
    {"podSelector": {}, "ingress": [{"ports": _WEB}]},
    {"podSelector": {}, "ingress": [{"from": [{"podSelector": {}}]}]},
    {"podSelector": {}, "ingress": [{"from": [{"namespaceSelector": {"matchLabels": {"a": "b"}}}]}]},
    {
        "podSelector": {},
        "ingress": [{"from": [{"namespaceSelector": {}, "podSelector": {"matchLabels": {"a": "b"}}}]}],
    },
    {"podSelector": {}, "policyTypes": ["Egress"], "egress": [{"to": _HALVES, "ports": _WEB}]},
    {"podSelector": {}, "policyTypes": ["Egress"], "egress": [{"to": _HALVES[:1]}]},
    {
        "podSelector": {},
        "policyTypes": ["Egress"],
        "egress": [{"to": [{"ipBlock": {"cidr": "0.0.0.0/0", "except": ["10.0.0.0/8"]}}]}],
    },
]


@pytest.mark.parametrize(
    "specs",
    [
        [BOTH],
        [{"podSelector": {"matchLabels": {}}, "policyTypes": ["Ingress", "Egress"]}],
        [{"podSelector": {}}, {"podSelector": {}, "policyTypes": ["Egress"]}],
        *([BOTH, rules] for rules in _NARROW),
    ],
)
def test_a_namespace_that_denies_by_default(specs):
    policies = [policy(spec, str(index)) for index, spec in enumerate(specs)]
    assert said("namespace-default-deny", namespace(), *policies) == ([], [])


@pytest.mark.parametrize(
    ("specs", "open_to"),
    [
        ([], "no egress and no ingress"),
        ([{"podSelector": {}, "policyTypes": ["Ingress"]}], "no egress"),
        ([{"podSelector": {}}], "no egress"),
        ([{"podSelector": {}, "policyTypes": ["Egress"]}], "no ingress"),
        ([{**BOTH, "egress": [{}]}], "no egress"),
        ([{**BOTH, "podSelector": {"matchLabels": {"a": "b"}}}], "no egress and no ingress"),
        *(([BOTH, rules], "no ingress" if "ingress" in rules else "no egress") for rules in _WIDE),
    ],
)
def test_a_namespace_that_does_not(specs, open_to):
    [words], _ = said("namespace-default-deny", namespace(), *[policy(spec) for spec in specs])
    assert f"the namespace app denies {open_to} traffic by default" in words


def test_a_policy_elsewhere_does_not_help():
    assert said("namespace-default-deny", namespace(), policy(BOTH, where="other"))[0]


def test_namespaces_and_policies_in_lists_count():
    def listed(token, *items):
        return resource(token, "all", {"items": list(items)})

    deny = {"kind": "NetworkPolicy", "metadata": {"name": "deny", "namespace": "app"}, "spec": BOTH}
    there = {"kind": "Namespace", "metadata": {"name": "app"}}
    policies = "kubernetes:networking.k8s.io/v1:NetworkPolicyList"
    assert said("namespace-default-deny", listed("kubernetes:core/v1:List", there))[0]
    assert said("namespace-default-deny", listed("kubernetes:core/v1:NamespaceList", there, deny)) == ([], [])
    assert said("namespace-default-deny", namespace(), listed(policies, deny)) == ([], [])
    assert said("namespace-default-deny", namespace(), listed(policies, HIDDEN))[1]
    assert said("namespace-default-deny", listed("kubernetes:core/v1:NamespaceList", HIDDEN))[1]
    with pack(CONFIG) as analyzer:
        found = analyzer.analyze_stack([("kubernetes:core/v1:List", "all", {"items": [there]})])
    assert "namespace-default-deny" in {item.policyName for item in found}


def test_kured_and_the_loaders_are_exempt():
    assert said("namespace-default-deny", namespace("kured"), namespace("security-profiles")) == ([], [])


def log(categories, **properties):
    logs = [{"category": name, "enabled": True} for name in categories]
    return resource(
        LOG, "audit", {"workspaceId": "w", "logs": logs, **properties}, resourceUri=(CLUSTER, "aks")
    )


AKS = resource(CLUSTER, "aks", cluster())


@pytest.mark.parametrize(
    "setting",
    [
        log(["kube-audit", "guard"]),
        log(["kube-audit-admin", "guard"]),
        log([], logs=[{"categoryGroup": "allLogs", "enabled": True}]),
        log([], logs=[{"categoryGroup": "audit", "enabled": True}]),
        log(["kube-audit", "guard"], workspaceId=None, storageAccountId="s"),
        resource(
            LOG,
            "audit",
            {
                "resourceUri": "/subscriptions/s/x/Microsoft.ContainerService/managedClusters/aks-prod",
                "workspaceId": "w",
                "logs": [{"categoryGroup": "audit", "enabled": True}],
            },
        ),
    ],
)
def test_an_audit_log_is_kept(setting):
    assert said("cluster-audit-log", AKS, setting) == ([], [])


@pytest.mark.parametrize(
    ("settings", "missing"),
    [
        ([], "no audit log and no sign-in log (guard)"),
        ([log(["kube-audit"])], "no sign-in log (guard)"),
        ([log(["guard", "kube-apiserver"])], "no audit log"),
        ([log(["kube-audit", "guard"], workspaceId=None)], "no audit log and no sign-in log (guard)"),
        (
            [log([], logs=[{"categoryGroup": "allLogs", "enabled": False}])],
            "no audit log and no sign-in log (guard)",
        ),
        (
            [resource(LOG, "x", {"resourceUri": "/other", "logs": []})],
            "no audit log and no sign-in log (guard)",
        ),
    ],
)
def test_an_audit_log_is_missing(settings, missing):
    [words], _ = said("cluster-audit-log", AKS, *settings)
    assert f"the cluster aks-prod keeps {missing}." in words


PLATFORM = ["cluster-autoscaler", "kube-apiserver", "kube-controller-manager", "kube-scheduler"]
METRICS = {"metrics": [{"category": "AllMetrics", "enabled": True}]}
ALL_LOGS = [{"categoryGroup": "allLogs", "enabled": True}]


@pytest.mark.parametrize("setting", [log(PLATFORM, **METRICS), log([], logs=ALL_LOGS, **METRICS)])
def test_platform_logs_are_kept(setting):
    assert said("cluster-platform-logs", AKS, setting) == ([], [])


@pytest.mark.parametrize(
    ("settings", "missing"),
    [
        ([], "cluster-autoscaler, kube-apiserver, kube-controller-manager, kube-scheduler, AllMetrics"),
        ([log(PLATFORM)], "AllMetrics"),
        ([log(PLATFORM[1:], **METRICS)], "cluster-autoscaler"),
        ([log([], logs=ALL_LOGS)], "AllMetrics"),
        ([log([], logs=[{"categoryGroup": "audit", "enabled": True}], **METRICS)], ", ".join(PLATFORM)),
    ],
)
def test_platform_logs_are_missing(settings, missing):
    [words], _ = said("cluster-platform-logs", AKS, *settings)
    assert f"the cluster aks-prod keeps no {missing}." in words


def test_platform_logs_are_a_choice_with_categories_of_its_own():
    with pack({}) as analyzer:
        off = analyzer.analyze_stack([(CLUSTER, "aks", cluster())])
    level = {"enforcementLevel": "mandatory", "categories": ["kube-scheduler"]}
    with pack({"secure-aks:policies": {"security": {"cluster-platform-logs": level}}}) as analyzer:
        on = analyzer.analyze_stack([(CLUSTER, "aks", cluster())])
    assert "cluster-platform-logs" not in {item.policyName for item in off}
    [line] = [item for item in on if item.policyName == "cluster-platform-logs"]
    assert "the cluster aks-prod keeps no kube-scheduler." in line.message


LOCK = "azure-native:authorization:ManagementLockByScope"
OF_AKS = {"scope": (CLUSTER, "aks")}
AT = "/subscriptions/s/resourceGroups/rg/providers/Microsoft.ContainerService/managedClusters/AKS-prod"


@pytest.mark.parametrize("level", ["CanNotDelete", "ReadOnly"])
def test_a_cluster_is_locked(level):
    assert said("cluster-lock", AKS, resource(LOCK, "x", {"scope": AT, "level": level})) == ([], [])
    by_output = resource(LOCK, "x", {"scope": HIDDEN, "level": level}, **OF_AKS)
    assert said("cluster-lock", AKS, by_output) == ([], [])


@pytest.mark.parametrize(
    "locks",
    [
        [],
        [resource(LOCK, "x", {"scope": AT, "level": "NotSpecified"})],
        [resource(LOCK, "x", {"scope": AT.replace("prod", "dev"), "level": "CanNotDelete"})],
        [resource(LOCK, "x", {"scope": HIDDEN, "level": "CanNotDelete"}, scope=(CLUSTER, "other"))],
    ],
)
def test_a_cluster_is_not_locked(locks):
    [words], unknown = said("cluster-lock", AKS, *locks)
    assert "the cluster aks-prod has no lock." in words
    assert unknown == []


@pytest.mark.parametrize(
    ("rule", "resources", "words"),
    [
        (
            "cluster-lock",
            [AKS, resource(LOCK, "x", {"scope": HIDDEN, "level": "CanNotDelete"})],
            "a lock may be the cluster aks-prod's",
        ),
        (
            "cluster-lock",
            [AKS, resource(LOCK, "x", {"scope": AT, "level": HIDDEN})],
            "a lock may be the cluster aks-prod's",
        ),
        (
            "cluster-audit-log",
            [AKS, log([], logs=HIDDEN)],
            "the logs of the cluster aks-prod may not be known",
        ),
        (
            "cluster-platform-logs",
            [AKS, log([], logs=HIDDEN)],
            "the logs of the cluster aks-prod may not be known",
        ),
        (
            "cluster-maintenance-windows",
            [AKS, resource(WINDOW, "w", {"configName": HIDDEN, "resourceName": "aks-prod"})],
            "unless it is one whose name is not known",
        ),
    ],
)
def test_what_is_not_known_is_no_violation(rule, resources, words):
    violations, [unknown] = said(rule, *resources)
    assert violations == []
    assert unknown.startswith(f"[{rule}] ")
    assert words in unknown


def window(name):
    return resource(WINDOW, name, {"configName": name, "resourceName": "aks-prod"})


@pytest.mark.parametrize(
    ("upgrade", "node_os", "needed"),
    [
        ("none", "NodeImage", ["aksManagedNodeOSUpgradeSchedule", "default"]),
        ("none", "SecurityPatch", ["aksManagedNodeOSUpgradeSchedule", "default"]),
        ("none", "Unmanaged", ["default"]),
        ("patch", "Unmanaged", ["aksManagedAutoUpgradeSchedule", "default"]),
    ],
)
def test_maintenance_windows(upgrade, node_os, needed):
    profile = {"upgradeChannel": upgrade, "nodeOSUpgradeChannel": node_os}
    aks = resource(CLUSTER, "aks", {**cluster(), "autoUpgradeProfile": profile})
    assert said("cluster-maintenance-windows", aks, *map(window, needed)) == ([], [])
    [words], _ = said("cluster-maintenance-windows", aks, window("other"))
    assert f"the cluster aks-prod has no window {', '.join(needed)}." in words


def general(**changes):
    properties = {**pool(maxCount=10, upgradeSettings={"maxSurge": "33%"}), **changes}
    return resource(POOL, "general", properties, vnetSubnetID=(SUBNET, "nodes"))


def subnet(prefix):
    return resource(SUBNET, "nodes", {"addressPrefix": prefix})


OVERLAY = resource(
    CLUSTER,
    "aks",
    mutate(cluster(), {"networkProfile.networkPluginMode": "overlay", "agentPoolProfiles": []}),
)


@pytest.mark.parametrize(
    ("changes", "need"),
    [
        ({}, 14),
        ({"upgradeSettings": {"maxSurge": "2"}}, 12),
        ({"upgradeSettings": {}}, 11),
        ({"scaleSetPriority": "Spot"}, 10),
        ({"enableAutoScaling": False, "count": 12}, 16),
    ],
)
def test_a_subnet_needs_room_for_the_surge(changes, need):
    assert said("subnet-surge-space", OVERLAY, general(**changes), subnet("10.0.0.0/27")) == ([], [])
    [words], _ = said("subnet-surge-space", OVERLAY, general(**changes), subnet("10.0.0.0/29"))
    assert (
        f"the subnet nodes (10.0.0.0/29) has 3 addresses and its pools need {need} (general {need})" in words
    )


def test_a_pool_whose_size_is_not_known_is_unknown():
    for hidden in ({"maxCount": HIDDEN}, {"maxPods": HIDDEN}, {"upgradeSettings": {"maxSurge": HIDDEN}}):
        found = said("subnet-surge-space", OVERLAY, general(**hidden), subnet("10.0.0.0/29"))
        assert found == (
            [],
            ["[subnet-surge-space] the size of the pool general is not known before the update"],
        )


def test_a_subnet_may_list_its_prefixes():
    listed = resource(SUBNET, "nodes", {"addressPrefixes": ["10.0.0.0/29"]})
    assert said("subnet-surge-space", OVERLAY, general(), listed)[0]
    hidden = resource(SUBNET, "nodes", {"addressPrefix": HIDDEN})
    assert (
        "the addressPrefix of nodes is not known"
        in said("subnet-surge-space", OVERLAY, general(), hidden)[1][0]
    )


def test_pods_take_addresses_too_without_an_overlay():
    routed = resource(CLUSTER, "aks", mutate(cluster(), {"agentPoolProfiles": []}))
    [words], _ = said("subnet-surge-space", routed, general(maxPods=30), subnet("10.0.0.0/24"))
    assert "need 434 (general 434)" in words


def test_the_inline_pool_counts_and_other_subnets_do_not():
    inline = mutate(
        cluster(),
        {"networkProfile.networkPluginMode": "overlay", "A.maxCount": 3, "A.upgradeSettings.maxSurge": "1"},
    )
    aks = resource(CLUSTER, "aks", inline, agentPoolProfiles=(SUBNET, "nodes"))
    [words], _ = said("subnet-surge-space", aks, general(), subnet("10.0.0.0/28"))
    assert "its pools need 18 (general 14, system 4)" in words
    assert said("subnet-surge-space", aks, resource(SUBNET, "other", {"addressPrefix": "10.0.0.0/29"})) == (
        [],
        [],
    )


def test_what_the_engine_shows_only_as_inputs_is_remembered():
    """At a preview the outputs may be unknown or missing; the inputs came with Analyze."""
    with pack(CONFIG) as analyzer:
        analyzer.analyze(CLUSTER, cluster(), "aks")
        for name in ("default", "aksManagedNodeOSUpgradeSchedule"):
            analyzer.analyze(WINDOW, {"configName": name, "resourceName": "aks-prod"}, name)
        outputs = [
            (CLUSTER, "aks", {"id": UNKNOWN}),
            *((WINDOW, name, {"name": UNKNOWN}) for name in ("default", "aksManagedNodeOSUpgradeSchedule")),
        ]
        found = {item.policyName for item in analyzer.analyze_stack(outputs)}
    assert "cluster-audit-log" in found
    assert "cluster-maintenance-windows" not in found


GROUP = "kubernetes:yaml/v2:ConfigGroup"


@pytest.mark.parametrize(
    ("component", "seen"),
    [
        ({"childless": True}, False),
        ({"childless": False}, True),
        # The inputs say what is not seen, and `unseen-objects` tells it.
        ({"childless": True, "properties": {"files": ["x.yaml"]}}, True),
    ],
)
def test_a_component_that_brought_nothing_is_unseen(component, seen):
    group = replace(resource(GROUP, "agents", {}), **component)
    other = replace(resource("demo:index:Group", "ours", {}), childless=True)
    words = [] if seen else [f"[unseen-components] what is inside agents ({GROUP})"]
    assert said("unseen-components", group, other) == ([], words)


@pytest.mark.parametrize("module", ["", SLOW_WAY], ids=["", "unchanged-sdk"])
def test_a_component_is_told_by_name_unless_its_objects_came_too(module):
    child = ("kubernetes:core/v1:ConfigMap", "seen:app/it", {})
    with pack(CONFIG, module=module) as analyzer:
        for name in ("seen", "unseen"):
            assert analyzer.analyze(GROUP, {}, name) == []
        request = [(GROUP, "seen", {}), (GROUP, "unseen", {}), child]
        lines = analyzer.analyze_stack(request, parents={"seen:app/it": urn(GROUP, "seen")})
    [line] = [item for item in lines if item.policyName == "unknown-verdicts"]
    assert (
        f"1 verdict is unknown until `up`: unseen-components - what is inside unseen ({GROUP})"
        in line.message
    )


def test_what_stayed_unknown_is_counted():
    with pack(CONFIG) as analyzer:
        for name in ("a", "b"):
            spec = {"containers": [{"name": "app", "image": UNKNOWN}]}
            analyzer.analyze(
                "kubernetes:core/v1:Pod", {"metadata": {"name": name, "namespace": "app"}, "spec": spec}, name
            )
        [line] = [item for item in analyzer.analyze_stack([]) if item.policyName == "unknown-verdicts"]
    assert (
        "8 verdicts are unknown until `up`: pod-image-digest, pod-image-registry, pod-image-tag, pod-pull-policy - "
        "spec.containers[0].image (a, b)" in line.message
    )


def test_what_a_rule_about_the_stack_does_not_know_is_counted_too():
    with pack(CONFIG) as analyzer:
        setting = {"resourceUri": "x/managedClusters/aks-prod", "workspaceId": "w", "logs": UNKNOWN}
        lines = analyzer.analyze_stack([(CLUSTER, "aks", cluster()), (LOG, "audit", setting)])
    found = {item.policyName: item for item in lines}
    assert "cluster-audit-log" not in found
    assert "1 verdict is unknown until `up`: cluster-audit-log - " in found["unknown-verdicts"].message
