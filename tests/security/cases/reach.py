"""Cases of the rules about what reaches past a namespace: classes, definitions, claims of devices, flow schemas, certificates."""

from typing import Any

from tests.security.build import DELETE

_REQUEST = (
    "LS0tLS1CRUdJTiBDRVJUSUZJQ0FURSBSRVFVRVNULS0tLS0KTUlISU1IQUNBUUF3RGpFTU1Bb0dBMVVFQXd3RGIyNWxNRmt3RXdZ"
    "SEtvWkl6ajBDQVFZSUtvWkl6ajBEQVFjRApRZ0FFeUpJZis2d2dNeTZxb21qSVRGa0V4YWVDRDNKNTl3bVlNQWI1bDN0ZUV6UEY3"
    "QVEwdFBhNFNIRXVBc0F4CjFJWG5IaTdralc0NFMxTzgwSGJuY3Q1SDJhQUFNQW9HQ0NxR1NNNDlCQU1DQTBnQU1FVUNJRzlNdWFN"
    "Rk9uNHUKSVRFZzB1eXZSOXZLL1hKTTc4emJsRzJ0aGhVUDBwWnBBaUVBamNsTjRJM2Q3dVU1dG9ETzNmWExIa3ZZMFdVVgo4VUF0"
    "Vm00SW56cGQ4Vkk9Ci0tLS0tRU5EIENFUlRJRklDQVRFIFJFUVVFU1QtLS0tLQo="
)
_OPENER = "csi.storage.k8s.io/node-stage-secret-"


def _made(version: str, kind: str, *, namespace: str = "", **body: Any) -> dict[str, Any]:
    metadata = {"name": "one", **({"namespace": namespace} if namespace else {})}
    return {"apiVersion": version, "kind": kind, "metadata": metadata, **body}


def storage_class() -> dict[str, Any]:
    """A StorageClass that no rule refuses."""
    return _made("storage.k8s.io/v1", "StorageClass", provisioner="blob.csi.azure.com", parameters={})


def snapshot_class() -> dict[str, Any]:
    """A VolumeSnapshotClass that no rule refuses."""
    return _made(
        "snapshot.storage.k8s.io/v1",
        "VolumeSnapshotClass",
        driver="disk.csi.azure.com",
        deletionPolicy="Delete",
        parameters={"incremental": "true"},
    )


def ingress_class() -> dict[str, Any]:
    """An IngressClass that no rule refuses."""
    settings = {
        "apiGroup": "k8s.example.com",
        "kind": "Settings",
        "name": "of-all",
        "scope": "Namespace",
        "namespace": "ingress-nginx",
    }
    spec = {"controller": "example.com/ingress", "parameters": settings}
    return _made("networking.k8s.io/v1", "IngressClass", spec=spec)


def gateway_class() -> dict[str, Any]:
    """A GatewayClass that no rule refuses."""
    settings = {"group": "k8s.example.com", "kind": "Settings", "name": "of-all", "namespace": "gateways"}
    spec = {"controllerName": "example.com/gateway", "parametersRef": settings}
    return _made("gateway.networking.k8s.io/v1", "GatewayClass", spec=spec)


def priority_class() -> dict[str, Any]:
    """A PriorityClass that no rule refuses."""
    return _made("scheduling.k8s.io/v1", "PriorityClass", value=1000, globalDefault=False)


def runtime_class() -> dict[str, Any]:
    """A RuntimeClass that no rule refuses."""
    scheduling = {"tolerations": [{"key": "sandbox", "operator": "Exists", "effect": "NoSchedule"}]}
    return _made("node.k8s.io/v1", "RuntimeClass", handler="kata", scheduling=scheduling)


def definition() -> dict[str, Any]:
    """A CustomResourceDefinition that no rule refuses."""
    client = {"service": {"namespace": "cert-manager", "name": "webhook"}}
    webhook = {"clientConfig": client, "conversionReviewVersions": ["v1"]}
    schema = {"openAPIV3Schema": {"type": "object"}}
    spec = {
        "group": "example.com",
        "scope": "Namespaced",
        "names": {"plural": "things", "kind": "Thing"},
        "versions": [{"name": "v1", "served": True, "storage": True, "schema": schema}],
        "conversion": {"strategy": "Webhook", "webhook": webhook},
    }
    item = _made("apiextensions.k8s.io/v1", "CustomResourceDefinition", spec=spec)
    return {**item, "metadata": {"name": "things.example.com"}}


def flow_schema() -> dict[str, Any]:
    """A FlowSchema that no rule refuses: a health check by anybody, as Kubernetes' own pages have it."""
    asked = {"verbs": ["*"], "nonResourceURLs": ["/healthz"]}
    subject = {"kind": "Group", "group": {"name": "system:unauthenticated"}}
    spec = {
        "priorityLevelConfiguration": {"name": "exempt"},
        "rules": [{"nonResourceRules": [asked], "subjects": [subject]}],
    }
    return _made("flowcontrol.apiserver.k8s.io/v1", "FlowSchema", spec=spec)


def request() -> dict[str, Any]:
    """A CertificateSigningRequest that no rule refuses."""
    spec = {
        "signerName": "example.com/serving",
        "request": _REQUEST,
        "usages": ["digital signature", "server auth"],
    }
    return _made("certificates.k8s.io/v1", "CertificateSigningRequest", spec=spec)


def claim() -> dict[str, Any]:
    """A ResourceClaim that no rule refuses."""
    asked = {"name": "gpu", "exactly": {"deviceClassName": "gpu.example.com", "adminAccess": False}}
    return _made(
        "resource.k8s.io/v1", "ResourceClaim", namespace="app", spec={"devices": {"requests": [asked]}}
    )


def claim_template() -> dict[str, Any]:
    """A ResourceClaimTemplate that no rule refuses."""
    return {**claim(), "kind": "ResourceClaimTemplate", "spec": {"spec": claim()["spec"]}}


_ADMIN = "exactly.adminAccess"
_FOR_ALL = 'PriorityClass "one" gives 1000 to every pod that names no class'
_CHOOSES = "has claims choose a Secret of another namespace, by"
_BLOBS = "makes storage accounts with"
_PLAIN = {name: {"from": make} for name, make in {
    "a class of volumes": storage_class,
    "a class of snapshots": snapshot_class,
    "a class of ingresses": ingress_class,
    "a class of gateways": gateway_class,
    "a class of priority": priority_class,
    "a class of runtimes": runtime_class,
    "a definition": definition,
    "a schema": flow_schema,
    "a request": request,
    "a claim": claim,
    "a template": claim_template,
}.items()}  # fmt: skip
HAPPY = storage_class
CASES: dict[str, dict[str, Any]] = {
    "crd-converter": {
        "passes": _PLAIN
        | {
            "none": {"from": definition, "spec.conversion": DELETE},
            "not by a webhook": {"from": definition, "spec.conversion": {"strategy": "None"}},
            "nobody yet": {
                "from": definition,
                "spec.conversion.webhook": {"conversionReviewVersions": ["v1"]},
            },
            "a Service of no namespace": {
                "from": definition,
                "spec.conversion.webhook.clientConfig.service.namespace": DELETE,
            },
            "no Service": {"from": definition, "spec.conversion.webhook.clientConfig": {}},
        },
        "fails": {
            "outside": (
                {
                    "from": definition,
                    "spec.conversion.webhook.clientConfig": {"url": "https://x.example.com/"},
                },
                'CustomResourceDefinition "things.example.com" has its objects converted by https://x.example.com/',
            ),
            "a team's": (
                {"from": definition, "spec.conversion.webhook.clientConfig.service.namespace": "app"},
                'CustomResourceDefinition "things.example.com" has its objects converted by pods of the team in app',
            ),
        },
    },
    "class-settings-of-team": {
        "passes": _PLAIN
        | {
            "no settings": {"from": ingress_class, "spec.parameters": DELETE},
            "no settings of gateways": {"from": gateway_class, "spec.parametersRef": DELETE},
            "of the cluster": {
                "from": ingress_class,
                "spec.parameters": {"kind": "Settings", "name": "of-all", "scope": "Cluster"},
            },
            "nothing at all": {"from": ingress_class, "spec": DELETE},
            "no gateways at all": {"from": gateway_class, "spec": DELETE},
        },
        "fails": {
            "of ingresses": (
                {"from": ingress_class, "spec.parameters.namespace": "app"},
                'IngressClass "one" takes its settings from Settings of-all of the team in app',
            ),
            "of gateways": (
                {"from": gateway_class, "spec.parametersRef.namespace": "app"},
                'GatewayClass "one" takes its settings from Settings of-all of the team in app',
            ),
        },
    },
    "class-runtime-nodes": {
        "passes": _PLAIN
        | {
            "no tolerations": {"from": runtime_class, "scheduling": {}},
            "no scheduling": {"from": runtime_class, "scheduling": DELETE},
            "no new pods": {
                "from": runtime_class,
                "scheduling.tolerations[0]": {"operator": "Exists", "effect": "NoExecute"},
            },
            "no nodes of one namespace": {
                "from": runtime_class,
                "facts": {"dedicatedNodes": []},
                "scheduling.tolerations[0].key": "secure-aks/namespace",
            },
        },
        "fails": {
            name: (
                {"from": runtime_class, "scheduling.tolerations[0]": toleration},
                'RuntimeClass "one" lets its pods onto the nodes of single namespaces',
            )
            for name, toleration in {
                "every taint": {"operator": "Exists"},
                "every taint of new pods": {"operator": "Exists", "effect": "NoSchedule"},
                "an effect of nothing": {"operator": "Exists", "effect": ""},
                "a key of nothing": {"key": "", "operator": "Exists"},
                "a namespace's": {"key": "secure-aks/namespace", "operator": "Exists", "effect": "NoExecute"},
            }.items()
        },
    },
    "claim-admin-access": {
        "passes": _PLAIN
        | {
            "nothing at all": {"from": claim, "spec": DELETE},
            "nothing at all in a template": {"from": claim_template, "spec": DELETE},
            "no claim in a template": {"from": claim_template, "spec": {}},
            "no devices": {"from": claim, "spec": {}},
            "no requests": {"from": claim, "spec.devices": {}},
            "requests of null": {"from": claim, "spec.devices": {"requests": None}},
            "requests of null in a template": {
                "from": claim_template,
                "spec.spec.devices": {"requests": None},
            },
            "no devices of a template": {"from": claim_template, "spec.spec": {}},
            "no requests of a template": {"from": claim_template, "spec.spec.devices": {}},
            "not said": {"from": claim, f"spec.devices.requests[0].{_ADMIN}": DELETE},
            "the first of several": {
                "from": claim,
                "spec.devices.requests[0]": {
                    "name": "gpu",
                    "firstAvailable": [{"name": "large", "deviceClassName": "gpu.example.com"}],
                },
            },
        },
        "fails": {
            "a claim": (
                {"from": claim, f"spec.devices.requests[0].{_ADMIN}": True},
                'ResourceClaim "one" asks for gpu with adminAccess',
            ),
            "a template": (
                {"from": claim_template, f"spec.spec.devices.requests[0].{_ADMIN}": True},
                'ResourceClaimTemplate "one" asks for gpu with adminAccess',
            ),
        },
    },
    "class-runtime-sandbox": {
        "passes": _PLAIN
        | {
            "a sandbox": {"from": runtime_class, "M.name": "kata-cc-isolation"},
            "another sandbox": {"from": runtime_class, "M.name": "kata-own", "handler": "kata-cc"},
            "its own": {"from": runtime_class, "M.name": "runc-2", "handler": "runc"},
            "nearly a sandbox": {"from": runtime_class, "M.name": "katas", "handler": "runc"},
            "another kind of that name": {"from": storage_class, "M.name": "kata-own"},
        },
        "fails": {
            handler: (
                {"from": runtime_class, "M.name": "kata-own", "handler": handler},
                f'RuntimeClass "kata-own" runs its pods by {handler}',
            )
            for handler in ("runc", "runc-kata")
        },
    },
    "csr-client": {
        "passes": _PLAIN
        | {
            "a kubelet's": {"from": request, "spec.signerName": "kubernetes.io/kubelet-serving"},
        },
        "fails": {
            "a login": (
                {
                    "from": request,
                    "spec.signerName": "kubernetes.io/kube-apiserver-client",
                    "spec.usages": ["client auth"],
                },
                'CertificateSigningRequest "one" asks for a certificate that the API server takes for a login',
            ),
            "a node's login": (
                {
                    "from": request,
                    "spec.signerName": "kubernetes.io/kube-apiserver-client-kubelet",
                    "spec.usages": ["client auth"],
                },
                'CertificateSigningRequest "one" asks for a certificate that the API server takes for a login',
            ),
        },
    },
    "flow-exempt": {
        "passes": _PLAIN
        | {
            "no rules": {"from": flow_schema, "spec.rules": DELETE},
            "another level": {
                "from": flow_schema,
                "spec.priorityLevelConfiguration.name": "workload-low",
                "spec.rules[0].resourceRules": [
                    {"verbs": ["*"], "apiGroups": ["*"], "resources": ["*"], "clusterScope": True}
                ],
            },
            "of none": {"from": flow_schema, "spec.rules[0].resourceRules": []},
        },
        "fails": {
            "every object": (
                {
                    "from": flow_schema,
                    "spec.rules[1]": {
                        "subjects": [{"kind": "User", "user": {"name": "x"}}],
                        "resourceRules": [
                            {"verbs": ["*"], "apiGroups": ["*"], "resources": ["*"], "clusterScope": True}
                        ],
                    },
                },
                'FlowSchema "one" exempts requests from every limit',
            ),
        },
    },
    "priority-of-all": {
        "passes": _PLAIN
        | {
            "not said": {"from": priority_class, "globalDefault": DELETE},
            "of 0": {"from": priority_class, "globalDefault": True, "value": 0},
            "of no value": {"from": priority_class, "globalDefault": True, "value": DELETE},
            "below 0": {"from": priority_class, "globalDefault": True, "value": -10},
            "puts nobody out": {
                "from": priority_class,
                "globalDefault": True,
                "preemptionPolicy": "Never",
            },
        },
        "fails": {
            "for all": ({"from": priority_class, "globalDefault": True}, _FOR_ALL),
            "for all, said": (
                {"from": priority_class, "globalDefault": True, "preemptionPolicy": "PreemptLowerPriority"},
                _FOR_ALL,
            ),
            "of 1": (
                {"from": priority_class, "globalDefault": True, "value": 1},
                'PriorityClass "one" gives 1 to every pod that names no class',
            ),
        },
    },
    "storage-secret-of-team": {
        "passes": _PLAIN
        | {
            "no parameters": {"parameters": DELETE},
            "of the claim's own": {
                "parameters": {f"{_OPENER}name": "a", f"{_OPENER}namespace": "${pvc.namespace}"}
            },
            "of the platform's": {"parameters": {f"{_OPENER}name": "a", f"{_OPENER}namespace": "rook-ceph"}},
            "what is no namespace": {"parameters": {"secretName": "app", "secretNamespaces": "app"}},
        },
        "fails": {
            key: (
                {"parameters": {"secretName": "a", key: "app"}},
                f'StorageClass "one" opens what is claimed by a Secret of the team in app, by {key}',
            )
            for key in (
                f"{_OPENER}namespace",
                "csi.storage.k8s.io/provisioner-secret-namespace",
                "secretNamespace",
                "secretnamespace",
            )
        }
        | {
            "of snapshots": (
                {
                    "from": snapshot_class,
                    "parameters": {
                        "csi.storage.k8s.io/snapshotter-secret-name": "a",
                        "csi.storage.k8s.io/snapshotter-secret-namespace": "app",
                    },
                },
                (
                    'VolumeSnapshotClass "one" opens what is claimed by a Secret of the team in app, '
                    "by csi.storage.k8s.io/snapshotter-secret-namespace"
                ),
            )
        },
    },
    "storage-chosen-secret": {
        "passes": _PLAIN
        | {
            "no parameters": {"parameters": DELETE},
            "of the claim's own namespace": {
                "parameters": {f"{_OPENER}name": "${pvc.name}", f"{_OPENER}namespace": "${pvc.namespace}"}
            },
            "a name that is fixed": {
                "parameters": {f"{_OPENER}name": "rook", f"{_OPENER}namespace": "rook-ceph"}
            },
            "a name by namespace": {
                "parameters": {f"{_OPENER}name": "${pvc.namespace}", f"{_OPENER}namespace": "tenants"}
            },
            "what is no Secret": {"parameters": {"shareName": "${pvc.name}"}},
            "of the snapshot's own namespace": {
                "from": snapshot_class,
                "parameters": {
                    "csi.storage.k8s.io/snapshotter-secret-name": "${volumesnapshot.name}",
                    "csi.storage.k8s.io/snapshotter-secret-namespace": "${volumesnapshot.namespace}",
                },
            },
        },
        "fails": {
            name: (
                {"parameters": {f"{_OPENER}name": value, f"{_OPENER}namespace": "vault"}},
                f'StorageClass "one" {_CHOOSES} {_OPENER}name',
            )
            for name, value in {
                "by the claim's name": "${pvc.name}",
                "by an annotation": "of-${pvc.annotations['secret']}",
            }.items()
        }
        | {
            "in no namespace": (
                {"parameters": {f"{_OPENER}name": "${pvc.name}"}},
                f'StorageClass "one" {_CHOOSES} {_OPENER}name',
            ),
            "by a snapshot": (
                {
                    "from": snapshot_class,
                    "parameters": {
                        "csi.storage.k8s.io/snapshotter-secret-name": "${volumesnapshot.name}",
                        "csi.storage.k8s.io/snapshotter-secret-namespace": "vault",
                    },
                },
                f'VolumeSnapshotClass "one" {_CHOOSES} csi.storage.k8s.io/snapshotter-secret-name',
            ),
        },
    },
    "storage-public-blobs": {
        "passes": _PLAIN
        | {
            "not public": {"parameters": {"allowBlobPublicAccess": "false"}},
            "none": {"parameters": DELETE},
            "something else": {
                "parameters": {"requireInfraEncryption": "true", "xallowBlobPublicAccessx": "true"}
            },
            "another word": {"parameters": {"allowBlobPublicAccess": "untrue"}},
        },
        "fails": {
            key: ({"parameters": {"skuName": "x", key: value}}, f'StorageClass "one" {_BLOBS} {key}')
            for key, value in {"allowBlobPublicAccess": "true", "allowblobpublicaccess": "True"}.items()
        },
    },
}
