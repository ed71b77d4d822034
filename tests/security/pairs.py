"""Attacks on the API server by name, each beside the object that is well and nearest to it.

What is told of the one is the rule; of the other no rule says anything. What the API server's validation refuses by itself is not here.
"""

from typing import Any, NamedTuple

from tests.security.build import (
    DELETE,
    DIGEST,
    IMAGE,
    binding,
    container,
    mutate,
    namespace,
    pod,
    role,
    secret,
    service,
    workload,
)
from tests.security.cases.cluster_api import endpoint_slice, endpoints
from tests.security.cases.others import ingress, volume
from tests.security.cases.pod_parts import TEMPLATES
from tests.security.cases.reach import claim, definition, flow_schema, request, runtime_class, storage_class
from tests.security.cases.services import FURTHER, INTERNAL

Changes = dict[str, Any]


class Pair(NamedTuple):
    """An attack, the rule that must find it, and its neighbour."""

    attack: dict[str, Any]
    rule: str
    well: dict[str, Any]


def _pods(kind: str, rule: str, attack: Changes, well: Changes) -> Pair:
    """Changes of the pods of a workload; what begins with / is of the workload itself."""
    happy = pod() if kind == "Pod" else workload(kind)
    start = "spec" if kind == "Pod" else TEMPLATES[kind]

    def made(changes: Changes) -> dict[str, Any]:
        return mutate(happy, {path[1:] if path[0] == "/" else f"{start}.{path}": value for path, value in changes.items()})  # fmt: skip

    return Pair(made(attack), rule, made(well))


def _rights(rule: str, kind: str, attack: str, well: str, **same: Any) -> Pair:
    """Rights as "group resource/sub verb verb name=x"; a group of "core" is none."""
    return Pair(_role(kind, attack, same), rule, _role(kind, well, same))


def _role(kind: str, said: str, same: Changes) -> dict[str, Any]:
    group, resource, *rest = said.split(" ")
    names = [word.removeprefix("name=") for word in rest if word.startswith("name=")]
    one: Changes = {
        "apiGroups": ["" if group == "core" else group],
        "resources": [resource],
        "verbs": [word for word in rest if not word.startswith("name=")],
    }
    return mutate(role(kind), {"rules[1]": one | ({"resourceNames": names} if names else {}), **same})


def _bound(rule: str, attack: Changes, well: Changes, kind: str = "RoleBinding") -> Pair:
    """The subject of a binding, a group unless it says otherwise, and its `role`."""

    def made(subject: Changes) -> dict[str, Any]:
        role = {"roleRef.name": subject["role"]} if "role" in subject else {}
        own = {key: value for key, value in subject.items() if key != "role"}
        return mutate(binding(kind), {**role, "subjects[0]": own if "kind" in own else {**_GROUP, **own}})

    return Pair(made(attack), rule, made(well))


def _of(happy: dict[str, Any], rule: str, attack: Changes, well: Changes) -> Pair:
    return Pair(mutate(happy, attack), rule, mutate(happy, well))


_GROUP = {"apiGroup": "rbac.authorization.k8s.io", "kind": "Group"}
_USER = {"apiGroup": "rbac.authorization.k8s.io", "kind": "User"}
_ACCOUNT = {"kind": "ServiceAccount", "namespace": "app"}
_ADMINS = {"name": binding()["subjects"][0]["name"]}

_SERVED = {"tcpSocket": {"port": 80}}
_HELPER = {**container("helper"), "restartPolicy": "Always"}
_PROJECTED = {"name": "a", "projected": {"sources": [{"configMap": {"name": "x"}}]}}

PAIRS: dict[str, Pair] = {
    # Containers and what they may.
    "a helper that stays": _pods("Pod", "pod-privileged", {"initContainers": [{**_HELPER, "securityContext": {"privileged": True}}]}, {"initContainers": [_HELPER]}),
    "a helper among init containers of a workload": _pods("Deployment", "pod-privilege-escalation", {"initContainers": [container("a"), {**_HELPER, "securityContext": {}}]}, {"initContainers": [container("a"), _HELPER]}),
    "the last of forty": _pods("Deployment", "pod-host-ports", {"containers": [*({**container(f"c{one}"), "readinessProbe": _SERVED} for one in range(39)), {**container("last"), "readinessProbe": _SERVED, "ports": [{"containerPort": 80, "hostPort": 80}]}]}, {"containers": [{**container(f"c{one}"), "readinessProbe": _SERVED} for one in range(40)]}),
    "who looks into another process": _of(pod(), "pod-capabilities", {"E.securityContext.capabilities.add": ["SYS_PTRACE"], "E.targetContainerName": "app"}, {"E.targetContainerName": "app"}),
    "a capability in small letters": _pods("Pod", "pod-capabilities", {"containers[0].securityContext.capabilities.add": ["sys_admin"]}, {"containers[0].securityContext.capabilities.add": ["NET_BIND_SERVICE"]}),
    "a capability and a blank": _pods("Pod", "pod-capabilities", {"containers[0].securityContext.capabilities.add": ["NET_BIND_SERVICE "]}, {"containers[0].securityContext.capabilities.add": ["NET_BIND_SERVICE", "NET_BIND_SERVICE"]}),
    "all dropped, in small letters": _pods("Pod", "pod-capabilities-dropped", {"containers[0].securityContext.capabilities.drop": ["all"]}, {"containers[0].securityContext.capabilities.drop": ["NET_RAW", "ALL"]}),
    "all dropped, by another name": _pods("Job", "pod-capabilities-dropped", {"containers[0].securityContext.capabilities.drop": ["CAP_ALL"]}, {"containers[0].securityContext.capabilities.drop": ["ALL", "CAP_ALL"]}),
    "every capability added after all are dropped": _pods("StatefulSet", "pod-capabilities", {"containers[0].securityContext.capabilities.add": ["ALL"]}, {"containers[0].securityContext.capabilities.add": []}),
    "said to be for Windows": _pods("Pod", "pod-run-as-non-root", {"os": {"name": "windows"}, "securityContext": {}, "containers[0].securityContext": {}}, {"os": {"name": "windows"}, "securityContext": {"runAsNonRoot": True}, "containers[0].securityContext": {}}),
    "a process of the node, on Windows": _pods("Pod", "pod-windows-host-process", {"os": {"name": "windows"}, "hostNetwork": True, "securityContext": {"runAsNonRoot": True, "windowsOptions": {"hostProcess": True, "runAsUserName": "NT AUTHORITY\\SYSTEM"}}, "containers[0].securityContext": {}}, {"os": {"name": "windows"}, "securityContext": {"runAsNonRoot": True, "windowsOptions": {"hostProcess": False, "runAsUserName": "ContainerUser"}}, "containers[0].securityContext": {}}),
    "an administrator of a group": _pods("Pod", "pod-windows-administrator", {"os": {"name": "windows"}, "securityContext": {"runAsNonRoot": True, "windowsOptions": {"runAsUserName": "BUILTIN\\Administrators"}}, "containers[0].securityContext": {}}, {"os": {"name": "windows"}, "securityContext": {"runAsNonRoot": True, "windowsOptions": {"runAsUserName": "NT AUTHORITY\\NETWORK SERVICE"}}, "containers[0].securityContext": {}}),
    "all of /proc, with users of its own": _pods("Pod", "pod-proc-mount-restricted", {"hostUsers": False, "containers[0].securityContext.procMount": "Unmasked"}, {"hostUsers": False, "containers[0].securityContext.procMount": "Default"}),
    "root, with the node's users": _pods("CronJob", "pod-run-as-user", {"hostUsers": True, "securityContext.runAsUser": 0}, {"hostUsers": False, "securityContext.runAsUser": 0}),
    "root, and another for each container": _pods("Pod", "pod-run-as-user", {"securityContext.runAsUser": 0, "containers[0].securityContext.runAsUser": 1000}, {"securityContext.runAsUser": 1, "containers[0].securityContext.runAsUser": 1000}),
    "a container that takes it back": _pods("ReplicaSet", "pod-run-as-non-root", {"containers[0].securityContext.runAsNonRoot": False}, {"containers[0].securityContext.runAsNonRoot": True}),
    "files of root's group": _pods("Pod", "pod-root-group", {"securityContext.fsGroup": 0}, {"securityContext.fsGroup": 1, "securityContext.supplementalGroupsPolicy": "Strict"}),
    "another user of SELinux in one container": _pods("Deployment", "pod-selinux", {"containers[0].securityContext.seLinuxOptions": {"type": "container_t", "user": "system_u"}}, {"containers[0].securityContext.seLinuxOptions": {"type": "container_t", "level": "s0:c1"}}),
    "a sysctl with slashes": _pods("Pod", "pod-sysctls", {"securityContext.sysctls": [{"name": "net/ipv4/ip_forward", "value": "1"}]}, {"securityContext.sysctls": [{"name": "net.ipv4.tcp_syncookies", "value": "1"}]}),
    "no profile, by an annotation": _of(pod(), "pod-apparmor-annotation", {"M.annotations.container~apparmor~security~beta~kubernetes~io/app": "runtime/default"}, {"P.appArmorProfile": {"type": "RuntimeDefault"}}),
    "a profile of its own that is none": _pods("DaemonSet", "pod-seccomp", {"containers[0].securityContext.seccompProfile": {"type": "Unconfined"}}, {"containers[0].securityContext.seccompProfile": {"type": "RuntimeDefault"}}),
    # What reaches the node and its network.
    "a port of the node, on one address": _pods("Pod", "pod-host-ports", {"containers[0].ports": [{"containerPort": 80, "hostPort": 8080, "hostIP": "127.0.0.1"}]}, {"containers[0].ports": [{"containerPort": 80}]}),
    "a port in the node's network": _pods("Pod", "pod-host-ports", {"hostNetwork": True, "containers[0].ports": [{"containerPort": 80}]}, {"hostNetwork": False, "containers[0].ports": [{"containerPort": 80}]}),
    "the kubelet asks the metadata at the end": _pods("Pod", "pod-host-probes", {"containers[0].lifecycle": {"preStop": {"httpGet": {"host": "169.254.169.254", "port": 80}}}}, {"containers[0].lifecycle": {"preStop": {"httpGet": {"path": "/end", "port": 80}}}}),
    "the kubelet asks itself": _pods("CronJob", "pod-host-probes", {"containers[0].startupProbe": {"tcpSocket": {"host": "127.0.0.1", "port": 10250}}}, {"containers[0].startupProbe": {"grpc": {"port": 10250}}}),
    "no pods yet": _pods("Deployment", "pod-host-namespaces", {"/spec.replicas": 0, "hostPID": True}, {"/spec.replicas": 0, "hostPID": False}),
    "a workload that rests": _pods("Deployment", "pod-host-namespaces", {"/spec.paused": True, "hostIPC": True}, {"/spec.paused": True}),
    "a Job that waits": _pods("Job", "pod-host-namespaces", {"/spec.suspend": True, "hostPID": True}, {"/spec.suspend": True}),
    "a Job of another controller's": _pods("Job", "pod-host-namespaces", {"/spec.managedBy": "example.com/queue", "hostNetwork": True}, {"/spec.managedBy": "example.com/queue"}),
    "a schedule that rests": _pods("CronJob", "pod-host-namespaces", {"/spec.suspend": True, "hostNetwork": True}, {"/spec.suspend": True}),
    "a template of pods": _pods("PodTemplate", "pod-host-namespaces", {"hostIPC": True}, {"hostIPC": False}),
    "a template of another namespace": _pods("Deployment", "pod-host-namespaces", {"/spec.template.metadata.namespace": "kube-system", "hostPID": True}, {"/spec.template.metadata.namespace": "kube-system"}),
    "a pod that a gate holds": _pods("Pod", "pod-host-namespaces", {"schedulingGates": [{"name": "example.com/wait"}], "hostPID": True}, {"schedulingGates": [{"name": "example.com/wait"}]}),
    "a pod of a DaemonSet that is none": _pods("Pod", "pod-host-namespaces", {"/metadata.ownerReferences": [{"apiVersion": "apps/v1", "kind": "DaemonSet", "name": "let-in", "uid": "1", "controller": True}], "hostPID": True}, {"/metadata.ownerReferences": [{"apiVersion": "apps/v1", "kind": "DaemonSet", "name": "let-in", "uid": "1", "controller": True}]}),
    "a name that is made there": _pods("Pod", "pod-host-namespaces", {"/metadata.name": DELETE, "/metadata.generateName": "let-", "hostPID": True}, {"/metadata.name": DELETE, "/metadata.generateName": "let-"}),
    "whatever a node is for": _pods("Pod", "pod-foreign-nodes", {"tolerations": [{"operator": "Exists"}]}, {"tolerations": [{"operator": "Exists", "effect": "NoExecute"}]}),
    "whichever namespace a node is for": _pods("ReplicationController", "pod-foreign-nodes", {"tolerations": [{"key": "secure-aks/namespace", "operator": "Exists"}]}, {"tolerations": [{"key": "secure-aks/namespace", "value": "app"}]}),
    "a node without a scheduler": _pods("Pod", "pod-foreign-nodes", {"nodeName": "aks-one-0"}, {"schedulerName": "own"}),
    "before the cluster's own": _pods("Deployment", "pod-system-priority", {"priorityClassName": "system-node-critical"}, {"priorityClassName": "batch"}),
    # What is mounted and run.
    "an old kind of volume": _pods("Pod", "pod-volume-types", {"volumes": [{"name": "a", "glusterfs": {"endpoints": "x", "path": "y"}}]}, {"volumes": [{"name": "a", "csi": {"driver": "secrets-store.csi.k8s.io"}}]}),
    "a repository for a volume": _pods("StatefulSet", "pod-volume-types", {"volumes": [{"name": "a", "emptyDir": {}}, {"name": "b", "gitRepo": {"repository": "https://example.com/x"}}]}, {"volumes": [{"name": "a", "emptyDir": {}}, {"name": "b", "ephemeral": {"volumeClaimTemplate": {"spec": {"accessModes": ["ReadWriteOnce"], "resources": {"requests": {"storage": "1Gi"}}}}}}]}),
    "a folder that is made": _pods("CronJob", "pod-host-path-volumes", {"volumes": [{"name": "a", "hostPath": {"path": "/var/lib/x", "type": "DirectoryOrCreate"}}]}, {"volumes": [{"name": "a", "persistentVolumeClaim": {"claimName": "x"}}]}),
    "an image for a volume": _pods("Pod", "pod-image-registry", {"volumes": [{"name": "a", "image": {"reference": f"docker.io/x@{DIGEST}"}}]}, {"volumes": [{"name": "a", "image": {"reference": IMAGE}}]}),
    "a registry for a user's name": _pods("Pod", "pod-image-registry", {"containers[0].image": "mcr.microsoft.com@docker.io/x:1"}, {"containers[0].image": f"mcr.microsoft.com/x@{DIGEST}"}),
    "a registry at another port": _pods("Deployment", "pod-image-registry", {"containers[0].image": f"mcr.microsoft.com:5000/x@{DIGEST}"}, {"containers[0].image": f"team.azurecr.io/x@{DIGEST}"}),
    "a name with nothing in the middle": _pods("Pod", "pod-image-registry", {"containers[0].image": f"mcr.microsoft.com//x@{DIGEST}"}, {"containers[0].image": f"mcr.microsoft.com/a/x@{DIGEST}"}),
    "a token behind another source": _pods("Pod", "pod-service-account-token", {"volumes": [{"name": "a", "projected": {"sources": [{"configMap": {"name": "x"}}, {"serviceAccountToken": {"path": "t", "audience": "x"}}]}}]}, {"volumes": [_PROJECTED]}),
    "a token by the older name of nobody": _pods("Pod", "pod-service-account-token", {"serviceAccount": "default", "automountServiceAccountToken": DELETE}, {"serviceAccount": "reader", "automountServiceAccountToken": DELETE}),
    "no end to memory": _pods("Pod", "pod-memory-limit", {"containers[0].resources": {"requests": {"cpu": "1m", "memory": "0"}, "limits": {"cpu": "1", "memory": "0.0"}}}, {"containers[0].resources": {"requests": {"cpu": "1m", "memory": "1k"}, "limits": {"cpu": "1", "memory": "0.5Gi"}}}),
    # Rights.
    "a shell in one pod": _rights("rbac-pod-exec", "Role", "core pods/exec create name=db-0", "core pods/log get name=db-0"),
    "a shell by reading": _rights("rbac-pod-exec", "ClusterRole", "core pods/exec get", "core pods get"),
    "debugging containers": _rights("rbac-pod-exec", "Role", "core pods/ephemeralcontainers patch", "core pods/resize patch"),
    "Secrets of no name": _rights("rbac-read-secrets", "ClusterRole", "core secrets list name=", "core secrets get name=key"),
    "Secrets, one name of which is none": _rights("rbac-read-secrets", "Role", "core secrets list name=key name=", "core secrets list name=key name=other"),
    "Secrets as they change": _rights("rbac-read-secrets", "ClusterRole", "core secrets watch", "core configmaps watch"),
    "Secrets as they are deleted": _rights("rbac-read-secrets", "Role", "core secrets deletecollection", "core pods deletecollection"),
    "Secrets gathered for everybody": _rights("rbac-read-secrets", "ClusterRole", "core secrets get", "core pods get", **{"M.labels.rbac~authorization~k8s~io/aggregate-to-view": "true"}),
    "a token of one account": _rights("rbac-token-creation", "Role", "core serviceaccounts/token create name=app", "core serviceaccounts get name=app"),
    "somebody's scopes": _rights("rbac-impersonate", "ClusterRole", "authentication.k8s.io userextras/scopes impersonate", "authentication.k8s.io selfsubjectreviews create"),
    "somebody, for one thing": _rights("rbac-impersonate", "ClusterRole", "core pods impersonate-on:user-info:list", "core pods list"),
    "a signer by name": _rights("rbac-csr-approval", "ClusterRole", "certificates.k8s.io signers sign name=kubernetes.io/kube-apiserver-client", "certificates.k8s.io certificatesigningrequests get"),
    "one role to give away": _rights("rbac-bind", "ClusterRole", "rbac.authorization.k8s.io clusterroles bind name=view", "rbac.authorization.k8s.io clusterroles get name=view"),
    "more than one has": _rights("rbac-escalate", "Role", "rbac.authorization.k8s.io roles escalate", "rbac.authorization.k8s.io roles list"),
    "bindings by a patch": _rights("rbac-role-changes", "Role", "rbac.authorization.k8s.io rolebindings patch", "rbac.authorization.k8s.io rolebindings watch"),
    "a kubelet's shell": _rights("rbac-nodes-proxy", "ClusterRole", "core nodes/proxy create", "core nodes/metrics get"),
    "every status": _rights("rbac-endpoints", "ClusterRole", "core */status patch", "core pods get"),
    "where a Service leads, by its status": _rights("rbac-endpoints", "Role", "core services/status patch", "core services patch"),
    "the lock of a namespace": _rights("rbac-namespace-limits", "Role", "networking.k8s.io networkpolicies delete", "networking.k8s.io networkpolicies list"),
    "policies by a patch": _rights("rbac-admission-control", "ClusterRole", "admissionregistration.k8s.io mutatingadmissionpolicies patch", "admissionregistration.k8s.io mutatingadmissionpolicies get"),
    "a volume by a patch": _rights("rbac-persistent-volumes", "ClusterRole", "core persistentvolumes patch", "core persistentvolumeclaims patch"),
    "the leader of the scheduler": _rights("rbac-leases", "ClusterRole", "coordination.k8s.io leases update name=kube-scheduler", "coordination.k8s.io leases update name=own"),
    "whatever is not": _of(role("ClusterRole"), "rbac-aggregation", {"rules": DELETE, "aggregationRule": {"clusterRoleSelectors": [{"matchExpressions": [{"key": "own", "operator": "NotIn", "values": ["x"]}]}]}}, {"rules": DELETE, "aggregationRule": {"clusterRoleSelectors": [{"matchExpressions": [{"key": "own", "operator": "In", "values": ["x"]}]}]}}),
    "the pods of a device": _rights("rbac-cluster-objects", "ClusterRole", "resource.k8s.io devicetaintrules create", "resource.k8s.io devicetaintrules get"),
    "another's device": _rights("rbac-cluster-objects", "Role", "resource.k8s.io resourceclaims/binding patch", "resource.k8s.io resourceclaims patch"),
    "what a device is said to be": _rights("rbac-cluster-objects", "ClusterRole", "resource.k8s.io resourceclaims/driver arbitrary-node:update", "resource.k8s.io resourceclaims/driver get"),
    "every object of a kind": _rights("rbac-cluster-objects", "ClusterRole", "storagemigration.k8s.io storageversionmigrations create", "storagemigration.k8s.io storageversionmigrations list"),
    "the API server's log": _of(role("ClusterRole"), "rbac-server-paths", {"rules[1]": {"nonResourceURLs": ["/metrics", "/logs/kube-apiserver.log"], "verbs": ["get"]}}, {"rules[1]": {"nonResourceURLs": ["/metrics", "/logging"], "verbs": ["get"]}}),
    "the API server's words": _of(role("ClusterRole"), "rbac-server-paths", {"rules[1]": {"nonResourceURLs": ["/debug/flags/v"], "verbs": ["put"]}}, {"rules[1]": {"nonResourceURLs": ["/flagz"], "verbs": ["get"]}}),
    "where Azure Monitor takes its token": _rights("rbac-config-maps", "ClusterRole", "core configmaps update name=ama-metrics-prometheus-config", "core configmaps update name=prometheus-config"),
    "an administrator by a number": _pods("Pod", "pod-windows-administrator", {"os": {"name": "windows"}, "securityContext": {"runAsNonRoot": True, "windowsOptions": {"runAsUserName": "S-1-5-32-544"}}, "containers[0].securityContext": {}}, {"os": {"name": "windows"}, "securityContext": {"runAsNonRoot": True, "windowsOptions": {"runAsUserName": "S-1-5-32-545"}}, "containers[0].securityContext": {}}),
    # Whom.
    "who applies the stack, in one namespace": _bound("rbac-platform-roles", {**_ACCOUNT, "name": "reader", "role": "secure-aks-deployers"}, {**_ACCOUNT, "name": "reader", "role": "secure-aks-readers"}),
    "who is let by, by a name": _of(binding("ClusterRoleBinding"), "rbac-own-bindings", {"metadata.name": "secure-aks-deployers", "roleRef.name": "own"}, {"metadata.name": "secure-aks-deploy"}),
    "Microsoft's support": _bound("rbac-built-in-roles", {**_ACCOUNT, "name": "reader", "role": "aks-service"}, {**_ACCOUNT, "name": "reader", "role": "aks-services"}),
    "an account by a user's name": _bound("rbac-user-subjects", {**_USER, "name": "system:serviceaccount:app:reader"}, {**_ACCOUNT, "name": "reader"}),
    "all accounts of a namespace": _bound("rbac-everyone", {"name": "system:serviceaccounts:app"}, _ADMINS),
    "everybody, behind somebody": _of(binding(), "rbac-everyone", {"subjects[1]": {**_GROUP, "name": "system:authenticated"}}, {"subjects[1]": {**_GROUP, "name": "22222222-2222-3333-4444-555555555555"}}),
    "whoever says nothing, elsewhere": _bound("rbac-default-service-account", {**_ACCOUNT, "name": "default", "namespace": "other"}, {**_ACCOUNT, "name": "default-reader"}),
    "everything in one namespace": _bound("rbac-cluster-admin", {**_ACCOUNT, "name": "reader", "role": "cluster-admin"}, {**_ACCOUNT, "name": "reader", "role": "cluster-admin-view"}),
    "a node's rights": _bound("rbac-built-in-roles", {"name": "devs", "role": "system:node"}, {"name": "devs", "role": "system:discovery"}),
    "to look everywhere": _bound("rbac-cluster-wide-binding", {"name": "devs"}, _ADMINS, "ClusterRoleBinding"),
    # Services and where they lead.
    "inside, in capitals": _of(service(), "service-public-load-balancer", {"S.type": "LoadBalancer", INTERNAL: "True"}, {"S.type": "LoadBalancer", INTERNAL: "true"}),
    "a load balancer of another's": _of(service(), "service-public-load-balancer", {"S.type": "LoadBalancer", "S.loadBalancerClass": "example.com/x"}, {"S.type": "LoadBalancer", "S.loadBalancerClass": "example.com/x", INTERNAL: "true"}),
    "addresses of others": _of(service(), "service-external-ips", {"S.type": "ClusterIP", "S.externalIPs": ["203.0.113.1"]}, {"S.type": "ClusterIP", "S.externalIPs": []}),
    "addresses of others, inside": _of(service(), "service-external-ips", {"S.type": "LoadBalancer", INTERNAL: "true", f"M.annotations.{FURTHER}": "203.0.113.1"}, {"S.type": "LoadBalancer", INTERNAL: "true", "S.loadBalancerIP": "10.1.2.3"}),
    "the metadata by its name": _of(service(), "service-external-name", {"S.type": "ExternalName", "S.externalName": "metadata.azure.internal"}, {"S.type": "ExternalName", "S.externalName": "metadata.example.com"}),
    "the metadata in one number": _of(service(), "service-external-name", {"S.type": "ExternalName", "S.externalName": "2852039166"}, {"S.type": "ExternalName", "S.externalName": "2852039166.example.com"}),
    "itself, with a dot": _of(service(), "service-external-name", {"S.type": "ExternalName", "S.externalName": "localhost."}, {"S.type": "ExternalName", "S.externalName": "db.example.com."}),
    "pods that are not ready": _of(endpoints(), "endpoint-pods", {"subsets": [{"notReadyAddresses": [{"ip": "10.244.1.2"}], "ports": [{"port": 80}]}]}, {"subsets": [{"notReadyAddresses": [{"ip": "10.245.1.2"}], "ports": [{"port": 80}]}]}),
    "pods of a slice, behind another": _of(endpoint_slice(), "endpoint-pods", {"endpoints[1]": {"addresses": ["10.244.1.2"], "conditions": {"ready": False}}}, {"endpoints[1]": {"addresses": ["10.1.2.4"], "conditions": {"ready": False}}}),
    "another team's Secret at an ingress": _of(ingress(), "ingress-secret-of-team", {"M.annotations.nginx~ingress~kubernetes~io/proxy-ssl-secret": "app-relaxed/client"}, {"M.annotations.nginx~ingress~kubernetes~io/proxy-ssl-secret": "app/client"}),
    "every host at an ingress": _of(ingress(), "ingress-hosts", {"S.rules[0].host": DELETE}, {"S.rules[0].host": "*.example.com", "S.tls[0].hosts": ["*.example.com"]}),
    "a host beside those of its certificate": _of(ingress(), "ingress-tls", {"S.rules[1]": {"host": "admin.example.com"}}, {"S.rules[1]": {"host": "admin.example.com"}, "S.tls[0].hosts": ["shop.example.com", "admin.example.com"]}),
    "a snippet of streams": _of(ingress(), "ingress-snippets", {"M.annotations.nginx~ingress~kubernetes~io/stream-snippet": "x"}, {"M.annotations.nginx~ingress~kubernetes~io/ssl-redirect": "true"}),
    # Volumes, classes and the rest of what holds for every namespace.
    "a node's folder to be claimed": _of(volume(), "volume-host-path", {"spec.csi": DELETE, "spec.hostPath": {"path": "/mnt", "type": "DirectoryOrCreate"}}, {"spec.csi": DELETE, "spec.nfs": {"server": "files.example.com", "path": "/mnt"}}),
    "a share by its handle": _of(volume(), "volume-secret-of-team", {"spec.csi": {"driver": "file.csi.azure.com", "volumeHandle": "group#account#share##id#app"}}, {"spec.csi": {"driver": "file.csi.azure.com", "volumeHandle": "group#account#app##id#storage"}}),
    "a share by an older handle": _of(volume(), "volume-secret-of-team", {"spec.csi": {"driver": "file.csi.azure.com", "volumeHandle": "#account#share##app"}}, {"spec.csi": {"driver": "file.csi.azure.com", "volumeHandle": "#account#share##app-2"}}),
    "blobs by their handle": _of(volume(), "volume-secret-of-team", {"spec.csi": {"driver": "blob.csi.azure.com", "volumeHandle": "group#account#blobs#id#app"}}, {"spec.csi": {"driver": "blob.csi.azure.com", "volumeHandle": "group#account#app#id#"}}),
    "an attribute in capitals": _of(volume(), "volume-secret-of-team", {"spec.csi.volumeAttributes": {"SecretNamespace": "app"}}, {"spec.csi.volumeAttributes": {"SecretName": "app"}}),
    "a class's parameter in capitals": _of(storage_class(), "storage-secret-of-team", {"parameters": {"SECRETNAMESPACE": "app"}}, {"parameters": {"SECRETNAMESPACE": "storage"}}),
    "a class by whose name one may choose": _of(storage_class(), "storage-chosen-secret", {"parameters": {"csi.storage.k8s.io/provisioner-secret-name": "${pvc.name}", "csi.storage.k8s.io/provisioner-secret-namespace": "storage"}}, {"parameters": {"csi.storage.k8s.io/provisioner-secret-name": "${pvc.name}", "csi.storage.k8s.io/provisioner-secret-namespace": "${pvc.namespace}"}}),
    "nodes of single namespaces, by a class": _of(runtime_class(), "class-runtime-nodes", {"scheduling.tolerations": [{"operator": "Exists"}]}, {"scheduling.tolerations": [{"operator": "Exists", "key": "sandbox"}]}),
    "a sandbox that is none": _of(runtime_class(), "class-runtime-sandbox", {"M.name": "kata-own", "handler": "runc"}, {"M.name": "runc-2", "handler": "runc"}),
    "a converter outside": _of(definition(), "crd-converter", {"spec.conversion.webhook.clientConfig": {"url": "https://example.com"}}, {"spec.conversion": {"strategy": "None"}}),
    "devices of others": _of(claim(), "claim-admin-access", {"spec.devices.requests[1]": {"name": "b", "exactly": {"deviceClassName": "x", "adminAccess": True}}}, {"spec.devices.requests[1]": {"name": "b", "exactly": {"deviceClassName": "x"}}}),
    "no limit for all that is written": _of(flow_schema(), "flow-exempt", {"spec.rules[0].resourceRules": [{"verbs": ["*"], "apiGroups": ["*"], "resources": ["*"], "namespaces": ["*"]}]}, {"spec.rules[0].resourceRules": []}),
    "a login by a request": _of(request(), "csr-client", {"spec.signerName": "kubernetes.io/kube-apiserver-client", "spec.usages": ["client auth"]}, {"spec.signerName": "example.com/client", "spec.usages": ["client auth"]}),
    "a standard of long ago": _of(namespace(), "namespace-pod-security", {"M.labels.pod-security~kubernetes~io/enforce-version": "v1.0"}, {"M.labels.pod-security~kubernetes~io/enforce-version": "latest"}),
    "a namespace before AKS makes it": _of(namespace(), "namespace-reserved", {"M.name": "aks-istio-system"}, {"M.name": "aks-istio-system-2"}),
    "a token without an end": _of(secret(), "secret-token", {"type": "kubernetes.io/service-account-token", "M.annotations.kubernetes~io/service-account~name": "reader"}, {"type": "Opaque", "M.annotations.kubernetes~io/service-account~name": "reader"}),
}  # fmt: skip
"""By name."""
