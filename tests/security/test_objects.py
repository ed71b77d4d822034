"""Who is it really: kinds with their groups, lists in lists, components of YAML, clusters in other words."""

import json

import pytest
from secure_aks_security.judging.evaluation import Verdict
from secure_aks_security.judging.judge import Judge, Record
from secure_aks_security.judging.resources import Resource
from secure_aks_security.judging.values import UNKNOWN
from secure_aks_security.objects import objects
from secure_aks_security.rules import load_rules
from secure_aks_security.stack_file.configuration import configure

from tests.security.analyzer import urn
from tests.security.build import CONFIG, agent_pool, cluster, mutate, namespace, pod, role, workload
from tests.security.helpers import TODAY

PRIVILEGED = mutate(pod(), {"C.securityContext.privileged": True})
POOL_TYPE = "Microsoft.ContainerService/managedClusters/agentPools"
DEPLOYMENT = "azure-native:resources:Deployment"
BAD_POOL = {"type": POOL_TYPE, "name": "aks/one", "properties": {"enableNodePublicIP": True}}
BODY = {key: value for key, value in cluster().items() if key not in {"resourceName", "sku", "identity"}}
OPEN = mutate(BODY, {"disableLocalAccounts": False})
CLUSTER_TYPE = "Microsoft.ContainerService/managedClusters"
BAD_CLUSTER = {"type": CLUSTER_TYPE, "name": "aks", "sku": {"tier": "Standard"}, "properties": OPEN}


def found(judge, token, properties):
    """The rules that refuse, and those that do not know."""
    findings = judge.judge(Resource(token, urn(token, "it"), "it", properties))
    refusing = {one.rule.id for one in findings if one.verdict in {Verdict.FAIL, Verdict.MALFORMED}}
    unknown = [one.message for one in findings if one.verdict is Verdict.UNKNOWN]
    return refusing, {rule for words in unknown for rule in words[1 : words.index("]")].split(", ")}


@pytest.mark.parametrize(
    ("token", "item"),
    [
        ("kubernetes:servicebus.azure.com/v1api20211101:Namespace", {"spec": {"location": "westeurope"}}),
        ("kubernetes:batch.volcano.sh/v1alpha1:Job", {"spec": {"tasks": [{"replicas": 1}]}}),
        ("kubernetes:serving.knative.dev/v1:Service", {"spec": {"type": "LoadBalancer"}}),
        ("kubernetes:crd.projectcalico.org/v1:Role", {"rules": [{"verbs": ["*"]}]}),
        ("kubernetes:helm.crossplane.io/v1beta1:Release", {"spec": {}}),
        ("kubernetes:example.com/v1:List", {"items": [{"apiVersion": "x.io/v1", "kind": "Namespace"}]}),
    ],
)
def test_a_kind_of_another_group_is_not_kubernetes_own(judge, token, item):
    assert found(judge, token, item) == (set(), set())


@pytest.mark.parametrize(
    "token",
    [
        "kubernetes:core/v1:Pod", "kubernetes:v1:Pod", "kubernetes:core/v1:PodPatch", "kubernetes:core/v1:PodList",
        "kubernetes:core/v1:List", "kubernetes:argoproj.io/v1alpha1:Rollout", "kubernetes:x.example.com/v1:K8sThing2",
        "kubernetes:extensions/v1beta1:Deployment", "kubernetes:batch.example.com/v1:CronJob",
    ],
)  # fmt: skip
def test_a_pod_is_found_whatever_it_is_called(judge, token):
    item = PRIVILEGED
    if token.endswith("List"):
        item = {"items": [PRIVILEGED]}
    elif not token.endswith(("Pod", "PodPatch")):
        item = mutate(workload("Deployment"), {"spec.template.spec": PRIVILEGED["spec"]})
    assert "pod-privileged" in found(judge, token, item)[0]


def test_a_list_in_a_list_is_read_to_the_bottom(judge):
    inner = {"kind": "List", "apiVersion": "v1", "items": [{"kind": "PodList", "items": [pod(), PRIVILEGED]}]}
    findings = judge.judge(Resource("kubernetes:core/v1:List", "urn", "all", {"items": [namespace(), inner]}))
    assert [one.rule.id for one in findings] == ["pod-privileged"]


def test_an_item_that_says_no_group_may_be_kubernetes_own(judge):
    item = {key: value for key, value in PRIVILEGED.items() if key != "apiVersion"}
    assert "pod-privileged" in found(judge, "kubernetes:core/v1:List", {"items": [item]})[0]
    unknown = {**PRIVILEGED, "apiVersion": UNKNOWN + "items[0].apiVersion"}
    assert "pod-privileged" in found(judge, "kubernetes:core/v1:List", {"items": [unknown]})[0]


YAML = f"{json.dumps(role())}\n---\n---\n{json.dumps(PRIVILEGED)}\n"


@pytest.mark.parametrize("token", ["kubernetes:yaml/v2:ConfigGroup", "kubernetes:yaml:ConfigGroup"])
@pytest.mark.parametrize(
    "said",
    [{"objs": [pod(), PRIVILEGED]}, {"objs": PRIVILEGED}, {"yaml": YAML}, {"yaml": [YAML]}, {"objs": [{"kind": "List", "items": [PRIVILEGED]}]}],
)  # fmt: skip
def test_what_stands_in_a_component_is_judged(judge, token, said):
    assert found(judge, token, said) == ({"pod-privileged"}, set())


@pytest.mark.parametrize(
    ("token", "said", "words"),
    [
        ("kubernetes:yaml/v2:ConfigGroup", {"files": ["https://example.com/a.yaml", "b.yaml"]}, "what the files hold (https://example.com/a.yaml, b.yaml)"),
        ("kubernetes:yaml/v2:ConfigFile", {"file": "a.yaml"}, "what the file holds (a.yaml)"),
        ("kubernetes:kustomize/v2:Directory", {"directory": "./base"}, "what the directory holds (./base)"),
        ("kubernetes:yaml/v2:ConfigGroup", {"yaml": "a: [b"}, "yaml, which is not YAML"),
        ("azure:containerservice/kubernetesCluster:KubernetesCluster", {}, "the cluster's settings"),
        ("azure:containerservice/kubernetesClusterNodePool:KubernetesClusterNodePool", {}, "the pool's settings"),
        (DEPLOYMENT, {"properties": {"templateLink": {"uri": "https://example.com/aks.json"}}}, "what the template it links to holds"),
        (DEPLOYMENT, {"properties": {"template": UNKNOWN + "template"}}, "what the template holds, which is not known yet,"),
        (DEPLOYMENT, {"properties": {"template": {"resources": [{"type": "[concat('a')]"}]}}}, "a resource of the template, whose type is [concat('a')],"),
        ("azapi:index/resource:Resource", {"type": f"{CLUSTER_TYPE}@2025-09-01", "body": UNKNOWN + "body"}, "the body, which is not known yet,"),
        ("azapi:index/resourceAction:ResourceAction", {"type": f"{CLUSTER_TYPE}@2025-09-01"}, "what the action does"),
        ("azure:core/resourceGroupTemplateDeployment:ResourceGroupTemplateDeployment", {"templateContent": UNKNOWN}, "templateContent, which is not JSON yet,"),
    ],
)  # fmt: skip
def test_what_cannot_be_seen_is_told_by_name(judge, token, said, words):
    [finding] = [
        one
        for one in judge.judge(Resource(token, urn(token, "it"), "it", said))
        if one.rule.id == "unseen-objects"
    ]
    assert finding.rule.level == "advisory"
    assert finding.message.startswith(f"[unseen-objects] {words}")
    assert " is not seen here (" in finding.message


def test_a_component_whose_objects_come_by_themselves_says_nothing(judge):
    for token in ("kubernetes:yaml/v2:ConfigGroup", "kubernetes:kustomize/v2:Directory"):
        assert found(judge, token, {}) == (set(), set())


def test_what_is_not_known_of_a_component_is_unknown(judge):
    for said in ({"yaml": UNKNOWN + "yaml"}, {"objs": UNKNOWN + "objs"}, {"objs": [UNKNOWN + "objs[0]"]}):
        assert "pod-privileged" in found(judge, "kubernetes:yaml/v2:ConfigGroup", said)[1]


def test_aliases_that_stand_for_too_much_end_nothing(judge):
    bomb = "a0: &a0 [x]\n" + "".join(
        f"a{index}: &a{index} [{', '.join([f'*a{index - 1}'] * 20)}]\n" for index in range(1, 12)
    )
    assert found(judge, "kubernetes:yaml/v2:ConfigGroup", {"yaml": bomb}) == ({"unseen-objects"}, set())


def template(*resources, **more):
    return {"properties": {"template": {"resources": list(resources), **more.pop("template", {})}, **more}}


NESTED = {
    "type": "Microsoft.Resources/deployments",
    "name": "inner",
    "properties": template(BAD_POOL)["properties"],
}
PARENT = {
    "type": CLUSTER_TYPE,
    "name": "aks",
    "existing": True,
    "resources": [{"type": "agentPools", "name": "one", "properties": {"enableNodePublicIP": True}}],
}


@pytest.mark.parametrize(
    "said",
    [
        template(BAD_POOL),
        template({**BAD_POOL, "type": POOL_TYPE.lower()}),
        template({**BAD_POOL, "type": POOL_TYPE.upper(), "properties": {"ENABLENODEPUBLICIP": True}}),
        {"properties": {"Template": {"Resources": [{"Type": POOL_TYPE, "Name": "aks/one", "Properties": {"enableNodePublicIP": True}}]}}},
        {"properties": {"template": {"languageVersion": "2.0", "resources": {"pool": BAD_POOL}}}},
        template(NESTED),
        template({**NESTED, "properties": {"mode": "Incremental", "template": {"resources": [NESTED]}}}),
        template(PARENT),
        template({**BAD_POOL, "type": "[parameters('kind')]"}, parameters={"kind": {"value": POOL_TYPE}}),
        template({**BAD_POOL, "properties": {"enableNodePublicIP": "[variables('yes')]"}}, template={"variables": {"yes": "[parameters('open')]"}, "parameters": {"open": {"type": "bool", "defaultValue": True}}}),
        template({**NESTED, "properties": {"parameters": {"open": {"value": "[parameters('o')]"}}, "expressionEvaluationOptions": {"scope": "inner"}, "template": {"parameters": {"open": {"type": "bool"}}, "resources": [{**BAD_POOL, "properties": {"enableNodePublicIP": "[parameters('open')]"}}]}}}, parameters={"o": {"value": True}}),
    ],
)  # fmt: skip
@pytest.mark.parametrize(
    "token", [DEPLOYMENT, "azure-native:resources/v20250401:DeploymentAtSubscriptionScope"]
)
def test_a_pool_in_a_template_is_found(judge, token, said):
    findings = judge.judge(Resource(token, urn(token, "it"), "it", said))
    [public] = [one for one in findings if one.rule.id == "pool-public-ip"]
    assert 'pool "one" gives each node a public address' in public.message


@pytest.mark.parametrize(
    "said",
    [
        template({"type": "Microsoft.Storage/storageAccounts", "name": "a", "properties": {"enableNodePublicIP": True}}),
        template({**BAD_POOL, "existing": True}),
        {"properties": {"template": {"languageVersion": "2.0", "resources": {"sa": {"type": "Microsoft.Storage/storageAccounts"}}}}},
        {"properties": {"mode": "Incremental"}},
    ],
)  # fmt: skip
def test_what_else_a_template_holds_is_left_alone(judge, said):
    assert found(judge, DEPLOYMENT, said) == (set(), set())


def test_an_expression_is_a_value_that_is_not_known_yet(judge):
    said = template({**BAD_POOL, "properties": {"enableNodePublicIP": "[equals(1, 2)]"}})
    refusing, unknown = found(judge, DEPLOYMENT, said)
    assert "pool-public-ip" not in refusing
    assert "pool-public-ip" in unknown


GENERIC = {
    "resourceProviderNamespace": "Microsoft.ContainerService",
    "parentResourcePath": "",
    "resourceType": "managedClusters",
}


@pytest.mark.parametrize(
    ("token", "said"),
    [
        (DEPLOYMENT, template(BAD_CLUSTER)),
        ("azure-native:resources:Resource", {**GENERIC, "resourceName": "aks", "properties": OPEN}),
        ("azapi:index/resource:Resource", {"type": f"{CLUSTER_TYPE}@2025-09-01", "name": "aks", "body": {"properties": OPEN}}),
        ("azapi:index/resource:Resource", {"type": f"{CLUSTER_TYPE}@2025-09-01", "name": "aks", "body": json.dumps({"properties": OPEN})}),
        ("azapi:index/updateResource:UpdateResource", {"type": f"{CLUSTER_TYPE}@2025-09-01", "body": {"properties": {"disableLocalAccounts": False}}}),
        ("azure:core/resourceGroupTemplateDeployment:ResourceGroupTemplateDeployment", {"templateContent": json.dumps(template(BAD_CLUSTER)["properties"]["template"])}),
        ("azure-native_containerservice_v20250901:containerservice:ManagedCluster", mutate(cluster(), {"disableLocalAccounts": False})),
        ("azure-native:resources:DeploymentStackAtResourceGroup", template(BAD_CLUSTER)["properties"]),
        ("azure-native:resources/v20240301:DeploymentStackAtSubscription", template({**NESTED, "properties": template(BAD_CLUSTER)["properties"]})["properties"]),
        ("azure-native:containerservice/v20240902preview:ManagedCluster", mutate(cluster(), {"disableLocalAccounts": False})),
    ],
)  # fmt: skip
def test_a_cluster_is_found_whatever_says_it(judge, token, said):
    assert "cluster-local-accounts" in found(judge, token, said)[0]


@pytest.mark.parametrize(
    ("token", "said"),
    [
        (DEPLOYMENT, template({**BAD_CLUSTER, "properties": BODY, "sku": cluster()["sku"], "identity": {"type": "UserAssigned"}})),
        ("azapi:index/resource:Resource", {"type": f"{CLUSTER_TYPE}@2025-09-01", "name": "aks", "identity": [{"type": "UserAssigned"}], "body": {"properties": BODY, "sku": cluster()["sku"]}}),
        ("azure-native:resources:Resource", {**GENERIC, "resourceName": "aks", "properties": BODY, "sku": cluster()["sku"], "identity": {"type": "UserAssigned"}}),
    ],
)  # fmt: skip
def test_a_good_cluster_is_good_whatever_says_it(judge, token, said):
    assert found(judge, token, said) == (set(), set())


RESERVED = {"properties": {"labels": {"pod-security.kubernetes.io/enforce": "restricted"}}}
ISSUER = {"issuer": {"url": "https://issuer.other", "audiences": ["aks"]}}
VAULT = {"sourceResourceId": "/subscriptions/s/vault", "roles": ["Microsoft.X/all"]}


@pytest.mark.parametrize(
    ("rule", "token", "said"),
    [
        ("namespace-pod-security", "azure-native:containerservice:ManagedNamespace", {"managedNamespaceName": "shop", "properties": {"labels": {"pod-security.kubernetes.io/enforce": "privileged"}}}),
        ("namespace-reserved", "azure-native:containerservice/v20260101:ManagedNamespace", {"managedNamespaceName": "kube-system", **RESERVED}),
        ("namespace-pod-security", DEPLOYMENT, template({"type": f"{CLUSTER_TYPE}/managedNamespaces", "name": "aks/shop", "properties": {}})),
        ("cluster-trusted-access", DEPLOYMENT, template({"type": f"{CLUSTER_TYPE}/trustedAccessRoleBindings", "name": "aks/vault", "properties": VAULT})),
        ("cluster-trusted-access", "azapi:index/resource:Resource", {"type": f"{CLUSTER_TYPE}/trustedAccessRoleBindings@2025-09-01", "name": "vault", "body": {"properties": VAULT}}),
        ("cluster-backup-soft-delete", DEPLOYMENT, template({"type": "Microsoft.DataProtection/BackupVaults", "name": "vault", "properties": {"securitySettings": {"softDeleteSettings": {"state": "Off"}}}})),
        ("cluster-backup-soft-delete", "azapi:index/resource:Resource", {"type": "Microsoft.DataProtection/backupVaults@2025-01-01", "name": "vault", "body": {"properties": {"securitySettings": {"softDeleteSettings": {"state": "Off"}}}}}),
        ("cluster-authenticator", "azure-native:containerservice/v20250602preview:JWTAuthenticator", {"resourceName": "aks", "properties": ISSUER}),
        ("cluster-authenticator", DEPLOYMENT, template({"type": f"{CLUSTER_TYPE}/JWTAuthenticators", "name": "aks/ci", "properties": {"ISSUER": {"Url": "https://issuer.other"}}})),
        ("cluster-authenticator", "azapi:index/resource:Resource", {"type": f"{CLUSTER_TYPE}/jwtAuthenticators@2025-06-02-preview", "name": "ci", "body": {"properties": ISSUER}}),
        ("maintenance-window-length", DEPLOYMENT, template({"type": f"{CLUSTER_TYPE}/MAINTENANCEconfigurations", "name": "aks/default", "properties": {"maintenancewindow": {"durationhours": 2}}})),
    ],
)  # fmt: skip
def test_what_belongs_to_a_cluster_is_found_whatever_says_it(judge, rule, token, said):
    assert rule in found(judge, token, said)[0]


def test_a_managed_namespace_that_is_well_is_let_pass(judge):
    said = {"managedNamespaceName": "shop", **RESERVED}
    assert found(judge, "azure-native:containerservice:ManagedNamespace", said) == (set(), set())


@pytest.mark.parametrize("kind", ["kubernetesconfiguration:Extension", "kubernetesconfiguration:FluxConfiguration"])  # fmt: skip
def test_what_comes_into_a_cluster_another_way_is_told(judge, kind):
    assert found(judge, f"azure-native:{kind}", {"resourceGroupName": "rg"})[0] == {"unseen-objects"}


def test_a_pool_of_the_generic_resource_is_found(judge):
    said: dict[str, object] = {
        **GENERIC,
        "parentResourcePath": "managedClusters/aks",
        "resourceType": "agentPools",
        "resourceName": "one",
    }
    said["properties"] = {"enableNodePublicIP": True}
    assert "pool-public-ip" in found(judge, "azure-native:resources:Resource", said)[0]
    other = {**GENERIC, "resourceProviderNamespace": "Microsoft.Storage", "properties": {}}
    assert found(judge, "azure-native:resources:Resource", other) == (set(), set())


@pytest.mark.parametrize("name", ["azurePolicy", "AZUREPOLICY", "azurepolicy"])
def test_addons_know_no_case(judge, name):
    addons = {name: {"enabled": True}, "kubedashboard": {"enabled": True}}
    good = cluster()["addonProfiles"]
    addons |= {key: value for key, value in good.items() if key != "azurepolicy"}
    refusing, _ = found(
        judge, "azure-native:containerservice:ManagedCluster", mutate(cluster(), {"addonProfiles": addons})
    )
    assert refusing == {"cluster-dashboard"}


def judged(exemption, token, properties):
    stack = {**CONFIG, "secure-aks:exemptions": [{**exemption, "reason": "test", "until": "2027-01-01"}]}
    judge = Judge(load_rules(), configure(load_rules(), stack), TODAY, Record())
    return found(judge, token, properties)[0]


def test_an_exemption_is_for_the_pool_it_names():
    exemption = {"rule": "pool-host-encryption", "resource": {"name": "old"}}
    plain = {"enableEncryptionAtHost": False}
    pool = "azure-native:containerservice:AgentPool"
    for name, refused in (("old", False), ("card", True)):
        assert (
            "pool-host-encryption"
            in judged(exemption, pool, mutate(agent_pool(), {**plain, "agentPoolName": name}))
        ) == refused
        inline = mutate(cluster(), {"A.enableEncryptionAtHost": False, "A.name": name})
        assert (
            "pool-host-encryption"
            in judged(exemption, "azure-native:containerservice:ManagedCluster", inline)
        ) == refused
        deployed = template({**BAD_POOL, "name": f"aks/{name}", "properties": plain})
        assert ("pool-host-encryption" in judged(exemption, DEPLOYMENT, deployed)) == refused


def test_an_exemption_for_the_cluster_covers_rules_about_the_cluster_alone():
    aks = mutate(cluster(), {"A.enableEncryptionAtHost": False, "disableLocalAccounts": False})
    kind = "azure-native:containerservice:ManagedCluster"
    pools = {"rule": "pool-host-encryption", "resource": {"name": "aks-prod"}}
    assert "pool-host-encryption" in judged(pools, kind, aks)
    whole = {"rule": "cluster-local-accounts", "resource": {"name": "aks-prod"}}
    assert judged(whole, kind, aks) == {"pool-host-encryption"}


@pytest.mark.parametrize(
    ("kind", "key"),
    [
        ("RoleBinding", "rules"),
        ("ClusterRoleBinding", "rules"),
        ("Role", "subjects"),
        ("ClusterRole", "subjects"),
    ],
)
def test_what_the_api_server_drops_of_a_role_or_a_binding_is_not_read(kind, key):
    token = f"kubernetes:rbac.authorization.k8s.io/v1:{kind}"
    given = {"metadata": {"name": "x"}, "rules": [{"verbs": ["*"]}], "subjects": [{"kind": "User"}]}
    [item] = objects(Resource(token, "urn", "it", given))
    assert key not in item.properties
    assert {"rules", "subjects"} - {key} <= item.properties.keys()


@pytest.mark.parametrize("ranges", [UNKNOWN, [UNKNOWN], ["203.0.113.4", UNKNOWN]])
def test_a_range_that_nobody_knows_yet_is_no_open_one(judge, ranges):
    said = mutate(
        cluster(), {"apiServerAccessProfile": {"disableRunCommand": True, "authorizedIPRanges": ranges}}
    )
    refusing, unknown = found(judge, "azure-native:containerservice:ManagedCluster", said)
    assert "cluster-api-server-access" in unknown - refusing


def test_an_open_range_is_open_whatever_the_others_will_be(judge):
    said = mutate(cluster(), {"apiServerAccessProfile.enablePrivateCluster": False, "apiServerAccessProfile.authorizedIPRanges": [UNKNOWN, "0.0.0.0/0"]})  # fmt: skip
    assert (
        "cluster-api-server-access" in found(judge, "azure-native:containerservice:ManagedCluster", said)[0]
    )
