"""Twenty-odd things that must be refused, in one program: each a resource whose name is in REFUSED beside the rule that refuses it."""

REFUSED = {
    "privileged": "pod-privileged",
    "host-pid": "pod-host-namespaces",
    "host-path": "pod-host-path-volumes",
    "latest": "pod-image-tag",
    "no-limits": "pod-memory-limit",
    "capability": "pod-capabilities",
    "escalation": "pod-privilege-escalation",
    "root": "pod-run-as-non-root",
    "in-default": "pod-default-namespace",
    "foreign-registry": "pod-image-registry",
    "in-objs:app/agent": "pod-privileged",
    "in-yaml:app/agent": "pod-privileged",
    "wildcards": "rbac-wildcards",
    "secrets-reader": "rbac-read-secrets",
    "everyone": "rbac-everyone",
    "external-ips": "service-external-ips",
    "old-budget": "removed-api",
    "public": "cluster-api-server-access",
    "local-accounts": "cluster-local-accounts",
    "old-version": "supported-version",
    "old-pool": "supported-version",
    "public-nodes": "pool-public-ip",
    "auto-upgraded": "no-auto-upgrade",
}

PROGRAM = """
import copy
import pulumi

GROUPS = {"Pod": "core/v1", "Service": "core/v1", "Role": "rbac.authorization.k8s.io/v1",
          "RoleBinding": "rbac.authorization.k8s.io/v1", "PodDisruptionBudget": "policy/v1beta1"}


class Bare(pulumi.CustomResource):
    def __init__(self, token, name, inputs):
        super().__init__(token, name, inputs)


def kube(kind, name, namespace="app", **body):
    version = GROUPS[kind]
    inputs = {"apiVersion": version.removeprefix("core/"), "kind": kind,
              "metadata": {"name": name, "namespace": namespace}, **body}
    Bare(f"kubernetes:{version}:{kind}", name, inputs)
    return inputs


def pod(namespace="app", spec=None, context=None, **container):
    app = {"name": "app", "image": "contoso.azurecr.io/app:1.0", "resources": {"limits": {"memory": "64Mi"}},
           "securityContext": {"allowPrivilegeEscalation": False, "capabilities": {"drop": ["ALL"]}, **(context or {})}}
    safe = {"runAsNonRoot": True, "seccompProfile": {"type": "RuntimeDefault"}}
    return {"metadata": {"namespace": namespace}, "spec": {"securityContext": safe, **(spec or {}), "containers": [app | container]}}


def bad_pod(name, **change):
    made = pod(**change)
    kube("Pod", name, made["metadata"]["namespace"], spec=made["spec"])


def cluster(name, **change):
    inputs = {"resourceName": name, "resourceGroupName": "rg", "location": "westeurope", "dnsPrefix": name,
              "kubernetesVersion": "1.35.6", "disableLocalAccounts": True, "enableRBAC": True,
              "identity": {"type": "SystemAssigned"}, "sku": {"name": "Base", "tier": "Standard"},
              "apiServerAccessProfile": {"authorizedIPRanges": ["203.0.113.0/24"], "disableRunCommand": True},
              "agentPoolProfiles": [{"name": "system", "mode": "System", "count": 2, "vmSize": "Standard_D4ds_v5"}]}
    Bare("azure-native:containerservice:ManagedCluster", name, inputs | change)


def pool(name, **change):
    inputs = {"resourceGroupName": "rg", "resourceName": "aks", "agentPoolName": "pool", "orchestratorVersion": "1.35.6",
              "mode": "User", "osType": "Linux", "osSKU": "Ubuntu2404", "count": 1, "vmSize": "Standard_D4ds_v5"}
    Bare("azure-native:containerservice:AgentPool", name, inputs | change)


def component(name, kind, **inputs):
    class Group(pulumi.ComponentResource):
        def __init__(self):
            super().__init__(f"kubernetes:yaml/v2:{kind}", name, inputs, remote=True)
    Group()


bad_pod("privileged", context={"privileged": True})
bad_pod("host-pid", spec={"hostPID": True})
bad_pod("host-path", spec={"volumes": [{"name": "v", "hostPath": {"path": "/"}}]})
bad_pod("latest", image="contoso.azurecr.io/app:latest")
bad_pod("no-limits", resources={})
bad_pod("capability", context={"capabilities": {"drop": ["ALL"], "add": ["SYS_ADMIN"]}})
bad_pod("escalation", context={"allowPrivilegeEscalation": True})
bad_pod("root", spec={"securityContext": {"runAsNonRoot": False}})
bad_pod("in-default", namespace="default")
bad_pod("foreign-registry", image="docker.io/library/app:1.0")
inner = {"apiVersion": "v1", "kind": "Pod", **pod(context={"privileged": True})}
inner["metadata"] = {"name": "agent", "namespace": "app"}
component("in-objs", "ConfigGroup", objs=[inner])
component("in-yaml", "ConfigGroup", yaml=pulumi.Output.json_dumps(inner))
kube("Role", "wildcards", rules=[{"apiGroups": ["*"], "resources": ["*"], "verbs": ["*"]}])
kube("Role", "secrets-reader", rules=[{"apiGroups": [""], "resources": ["secrets"], "verbs": ["get", "list"]}])
kube("RoleBinding", "everyone", roleRef={"apiGroup": "rbac.authorization.k8s.io", "kind": "Role", "name": "r"},
     subjects=[{"kind": "Group", "name": "system:authenticated", "apiGroup": "rbac.authorization.k8s.io"}])
kube("Service", "external-ips", spec={"externalIPs": ["203.0.113.9"], "ports": [{"port": 80}], "selector": {"app": "a"}})
kube("PodDisruptionBudget", "old-budget", spec={"minAvailable": 1})
cluster("public", apiServerAccessProfile={"disableRunCommand": True})
cluster("local-accounts", disableLocalAccounts=False)
cluster("old-version", kubernetesVersion="1.30.14")
cluster("auto-upgraded", autoUpgradeProfile={"upgradeChannel": "rapid"})
pool("old-pool", orchestratorVersion="1.30.14")
pool("public-nodes", enableNodePublicIP=True)
"""
