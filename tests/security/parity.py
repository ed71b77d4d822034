"""What the API server says about an object, by every rule at once."""

import http.client
import json
import re
import ssl
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from secure_aks_security.rules import load_rules

from tests.security.cases import Case

_WARNING = re.compile(
    r'^299 - "Validation failed for ValidatingAdmissionPolicy \'[^\']+\' with binding \'[^\']+\': (.*)"$'
)
PATHS = {
    "Pod": "/api/v1/namespaces/{}/pods",
    "PodTemplate": "/api/v1/namespaces/{}/podtemplates",
    "ReplicationController": "/api/v1/namespaces/{}/replicationcontrollers",
    "Deployment": "/apis/apps/v1/namespaces/{}/deployments",
    "ReplicaSet": "/apis/apps/v1/namespaces/{}/replicasets",
    "DaemonSet": "/apis/apps/v1/namespaces/{}/daemonsets",
    "StatefulSet": "/apis/apps/v1/namespaces/{}/statefulsets",
    "Job": "/apis/batch/v1/namespaces/{}/jobs",
    "CronJob": "/apis/batch/v1/namespaces/{}/cronjobs",
    "Role": "/apis/rbac.authorization.k8s.io/v1/namespaces/{}/roles",
    "RoleBinding": "/apis/rbac.authorization.k8s.io/v1/namespaces/{}/rolebindings",
    "ClusterRole": "/apis/rbac.authorization.k8s.io/v1/clusterroles",
    "ClusterRoleBinding": "/apis/rbac.authorization.k8s.io/v1/clusterrolebindings",
    "PersistentVolume": "/api/v1/persistentvolumes",
    "ServiceAccount": "/api/v1/namespaces/{}/serviceaccounts",
    "Ingress": "/apis/networking.k8s.io/v1/namespaces/{}/ingresses",
    "ConfigMap": "/api/v1/namespaces/{}/configmaps",
    "Secret": "/api/v1/namespaces/{}/secrets",
    "Service": "/api/v1/namespaces/{}/services",
    "Namespace": "/api/v1/namespaces",
    "Endpoints": "/api/v1/namespaces/{}/endpoints",
    "EndpointSlice": "/apis/discovery.k8s.io/v1/namespaces/{}/endpointslices",
    "StorageClass": "/apis/storage.k8s.io/v1/storageclasses",
    "PriorityClass": "/apis/scheduling.k8s.io/v1/priorityclasses",
    "IngressClass": "/apis/networking.k8s.io/v1/ingressclasses",
    "RuntimeClass": "/apis/node.k8s.io/v1/runtimeclasses",
    "CustomResourceDefinition": "/apis/apiextensions.k8s.io/v1/customresourcedefinitions",
    "FlowSchema": "/apis/flowcontrol.apiserver.k8s.io/v1/flowschemas",
    "CertificateSigningRequest": "/apis/certificates.k8s.io/v1/certificatesigningrequests",
    "ResourceClaim": "/apis/resource.k8s.io/v1/namespaces/{}/resourceclaims",
    "ResourceClaimTemplate": "/apis/resource.k8s.io/v1/namespaces/{}/resourceclaimtemplates",
    "APIService": "/apis/apiregistration.k8s.io/v1/apiservices",
    "Gateway": "/apis/gateway.networking.k8s.io/v1/namespaces/{}/gateways",
    "ListenerSet": "/apis/gateway.networking.k8s.io/v1/namespaces/{}/listenersets",
    "XListenerSet": "/apis/gateway.networking.x-k8s.io/v1alpha1/namespaces/{}/xlistenersets",
}
_ADMITTED = {rule.id for rule in load_rules() if rule.area.resources}
# What the API server drops where a feature is off, as it is unless somebody switches it on.
_DROPPED = {"pod-service-account-token: a certificate"}


def judged_there(case: Case) -> bool:
    """Tell whether the API server is asked about a case's object, by a policy of the case's rule."""
    return (
        case.type.startswith("kubernetes:")
        and case.object["kind"] in PATHS
        and case.rule in _ADMITTED
        and str(case) not in _DROPPED
    )


class Server:
    """A connection that keeps the API server's warnings."""

    def __init__(self, kubeconfig: Path):
        config = json.loads(kubeconfig.read_text())
        cluster, user = config["clusters"][0]["cluster"], config["users"][0]["user"]
        tls = ssl.create_default_context(cafile=cluster["certificate-authority"])
        tls.load_cert_chain(user["client-certificate"], user["client-key"])
        self.warnings: list[str] = []
        """The warnings of the last answer, of whatever part of the API server."""
        self._connection = http.client.HTTPSConnection(urlsplit(cluster["server"]).netloc, context=tls)

    def close(self) -> None:
        self._connection.close()

    def create(
        self, item: dict[str, Any], *, dry_run: bool = True
    ) -> tuple[int, dict[str, Any], dict[str, str]]:
        """The status, the answer, and the words of each rule that warned."""
        path = PATHS[item["kind"]].format(item["metadata"].get("namespace", "default"))
        return self.send("POST", path + ("?dryRun=All" if dry_run else ""), item, "application/json")

    def apply(self, item: dict[str, Any]) -> tuple[int, dict[str, Any], dict[str, str]]:
        """As `create`, by server-side apply."""
        metadata = item["metadata"]
        where = f"{PATHS[item['kind']].format(metadata.get('namespace', 'default'))}/{metadata['name']}"
        query = "?dryRun=All&fieldManager=test&force=true"
        return self.send("PATCH", where + query, item, "application/apply-patch+yaml")

    def debug(self, item: dict[str, Any]) -> tuple[int, dict[str, Any], dict[str, str]]:
        """As `create`, for a pod with ephemeral containers: they can be added to a running pod alone."""
        containers = item["spec"]["ephemeralContainers"]
        spec = {key: value for key, value in item["spec"].items() if key != "ephemeralContainers"}
        path = PATHS["Pod"].format(item["metadata"]["namespace"])
        name = item["metadata"]["name"]
        status, answer, warnings = self.create({**item, "spec": spec}, dry_run=False)
        if status >= 300:
            return status, answer, warnings
        try:
            patch = {"spec": {"ephemeralContainers": containers}}
            where = f"{path}/{name}/ephemeralcontainers?dryRun=All"
            return self.send("PATCH", where, patch, "application/strategic-merge-patch+json")
        finally:
            self.send("DELETE", f"{path}/{name}?gracePeriodSeconds=0", {}, "application/json")

    def read(self, path: str) -> int:
        """The status of a request to read."""
        self._connection.request("GET", path)
        response = self._connection.getresponse()
        response.read()
        return response.status

    def send(self, method: str, path: str, body: dict[str, Any], content_type: str):
        headers = {"Content-Type": content_type, "Accept": "application/json"}
        self._connection.request(method, path, json.dumps(body), headers)
        response = self._connection.getresponse()
        answer = json.loads(response.read())
        self.warnings = response.headers.get_all("Warning") or []
        warnings = [found[1] for line in self.warnings if (found := _WARNING.match(line))]
        words = [warning.replace('\\"', '"').replace("\\\\", "\\") for warning in warnings]
        # What could not be evaluated names no rule.
        return response.status, answer, {text[1 : text.find("]")]: text for text in words}
