"""Further attacks with their neighbours, as in `pairs.py`: what roles, bindings, namespaces and Ingresses reach of what is not their own."""

from tests.security.build import binding, mutate, namespace, role, service
from tests.security.cases.others import ingress
from tests.security.cases.reach import request
from tests.security.pairs import _ACCOUNT, _ADMINS, Changes, Pair, _bound, _of, _rights

_R = "rbac.authorization.k8s.io"
_READER = {**_ACCOUNT, "name": "reader"}
_NGINX = "M.annotations.nginx~ingress~kubernetes~io"
_PLATFORM = {"M.namespace": "keeper"}


def _named(rule: str, name: str, right: Changes, elsewhere: str) -> Pair:
    """A Role called as a preset, in another namespace than a team's, and in a team's."""
    well = mutate(role(), {"M.name": name, "rules[1]": right})
    return Pair(mutate(well, {"M.namespace": elsewhere}), rule, well)


def _right(group: str, resource: str, *verbs: str) -> Changes:
    return {"apiGroups": [group], "resources": [resource], "verbs": list(verbs)}


FURTHER_PAIRS: dict[str, Pair] = {
    # The roles of others.
    "Calico's operator, in one namespace": _bound("rbac-built-in-roles", {**_READER, "role": "tigera-operator"}, {**_READER, "role": "calico-reader"}),
    "its Secrets": _bound("rbac-built-in-roles", {**_READER, "role": "tigera-operator-secrets"}, {**_READER, "role": "operator-secrets"}),
    "Cilium's operator": _bound("rbac-built-in-roles", {**_READER, "role": "cilium-operator"}, {**_READER, "role": "cilium"}),
    "Gatekeeper, which sees all": _bound("rbac-built-in-roles", {**_READER, "role": "gatekeeper-manager-role"}, {**_READER, "role": "manager-role"}),
    "the driver of Secrets": _bound("rbac-built-in-roles", {**_READER, "role": "aks-secretprovidersyncing-role"}, {**_READER, "role": "secretproviderclasses-viewer-role"}),
    "the driver of shares": _bound("rbac-built-in-roles", {**_READER, "role": "csi-azurefile-node-secret-role"}, {**_READER, "role": "csi-azuredisk-node-role"}),
    "Azure Monitor's agent": _bound("rbac-built-in-roles", {**_READER, "role": "ama-metrics-reader"}, {**_READER, "role": "metrics-reader"}),
    "the mesh of AKS": _bound("rbac-built-in-roles", {**_READER, "role": "istiod-clusterrole-asm-1-29-aks-istio-system"}, {**_READER, "role": "istiod-clusterrole-own"}),
    "an operator, everywhere": _bound("rbac-built-in-roles", {**_READER, "role": "keda-operator"}, {**_ADMINS, "role": "keda-viewer"}, "ClusterRoleBinding"),
    "whom nobody names, behind the platform's": _of(binding(), "rbac-built-in-roles", {"roleRef.name": "policy-agent", "subjects[1]": _READER}, {"roleRef.name": "policies", "subjects[1]": _READER}),
    # The names of presets.
    "an operator of the ingress": _named("rbac-read-secrets", "operator", _right("", "secrets", "get", "list"), "ingress-nginx"),
    "who writes the certificates": _named("rbac-write-secrets", "operator", _right("", "secrets", "patch"), "cert-manager"),
    "who runs pods of Flux": _named("rbac-workloads", "developer", _right("apps", "deployments", "create"), "flux-system"),
    "a shell in kured": _named("rbac-pod-exec", "developer", _right("", "pods/exec", "create"), "kured"),
    "a pod beside the loaders": _named("rbac-workloads", "operator", _right("", "pods", "create"), "security-profiles"),
    # What controllers make for others.
    "a role in Azure by an object": _rights("rbac-controllers", "Role", "authorization.azure.com roleassignments create", "storage.azure.com storageaccounts create"),
    "a login for an identity by an object": _rights("rbac-controllers", "Role", "managedidentity.azure.com federatedidentitycredentials patch", "managedidentity.azure.com federatedidentitycredentials get"),
    "a cluster by an object": _rights("rbac-controllers", "Role", "containerservice.azure.com managedclusters update", "cache.azure.com redis update"),
    "an extension of the cluster": _rights("rbac-controllers", "ClusterRole", "clusterconfig.azure.com extensionconfigs create", "clusterconfig.azure.com extensionconfigs list"),
    "any object, by Crossplane": _rights("rbac-controllers", "Role", "kubernetes.m.crossplane.io objects create", "example.org databases create"),
    "nodes of a cluster of its own": _rights("rbac-controllers", "ClusterRole", "infrastructure.cluster.x-k8s.io azuremachines create", "infrastructure.cluster.x-k8s.io azuremachines watch"),
    "what a backup holds": _rights("rbac-controllers", "Role", "velero.io restores create name=last", "velero.io restores get name=last"),
    "an operator with its roles": _rights("rbac-controllers", "Role", "operators.coreos.com clusterserviceversions create", "operators.coreos.com clusterserviceversions get"),
    "a repository of Flux's own": _rights("rbac-controllers", "Role", "kustomize.toolkit.fluxcd.io kustomizations patch", "kustomize.toolkit.fluxcd.io kustomizations get", **_PLATFORM),
    "a release of Flux's own": _rights("rbac-controllers", "Role", "helm.toolkit.fluxcd.io helmreleases create", "source.toolkit.fluxcd.io gitrepositories create", **_PLATFORM),
    "what Argo CD may reach": _rights("rbac-controllers", "Role", "argoproj.io appprojects update", "argoproj.io rollouts update", **_PLATFORM),
    # What is taken away, and the rest.
    "bindings that go": _rights("rbac-role-changes", "Role", f"{_R} rolebindings delete", f"{_R} rolebindings list"),
    "all roles that go": _rights("rbac-role-changes", "ClusterRole", f"{_R} clusterroles deletecollection", f"{_R} clusterroles watch"),
    "a node's login by a request": _of(request(), "csr-client", {"spec.signerName": "kubernetes.io/kube-apiserver-client-kubelet", "spec.usages": ["client auth"]}, {"spec.signerName": "example.com/kubelet", "spec.usages": ["client auth"]}),
    "a namespace that Gatekeeper leaves out": _of(namespace(), "namespace-webhooks", {"M.labels.admission~gatekeeper~sh/ignore": "no-self-managing"}, {"M.labels.gatekeeper~sh/ignore": "x"}),
    "a namespace as the control plane's": _of(namespace(), "namespace-webhooks", {"M.labels.control-plane": "true"}, {"M.labels.control-plane": "controller-manager"}),
    "a namespace as AKS's own": _of(namespace(), "namespace-webhooks", {"M.labels.kubernetes~azure~com/managedby": "aks"}, {"M.labels.kubernetes~azure~com/managedby": "team"}),
    "pods, by a name that is an address": _of(service(), "service-external-name", {"S.type": "ExternalName", "S.externalName": "10.244.1.2"}, {"S.type": "ExternalName", "S.externalName": "10.245.1.2"}),
    "another team's certificate": _of(ingress(), "ingress-secret-of-team", {f"{_NGINX}/proxy-ssl-secret": "app-relaxed/client"}, {f"{_NGINX}/proxy-ssl-secret": "app/client"}),
    "another team's passwords": _of(ingress(), "ingress-secret-of-team", {f"{_NGINX}/auth-secret": "app-hostile/users"}, {f"{_NGINX}/auth-secret": "users"}),
}  # fmt: skip
"""By name."""
