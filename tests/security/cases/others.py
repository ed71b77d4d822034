"""Cases of the rules about volumes, service accounts, ingresses and gateways."""

from typing import Any

from tests.security.build import DELETE


def volume() -> dict[str, Any]:
    """A PersistentVolume that no rule refuses."""
    disk = {"driver": "disk.csi.azure.com", "volumeHandle": "/subscriptions/s/disks/d"}
    spec = {"capacity": {"storage": "1Gi"}, "accessModes": ["ReadWriteOnce"], "csi": disk}
    return {"apiVersion": "v1", "kind": "PersistentVolume", "metadata": {"name": "data"}, "spec": spec}


def account() -> dict[str, Any]:
    """A ServiceAccount that no rule refuses."""
    metadata = {"name": "reader-2", "namespace": "app"}
    return {
        "apiVersion": "v1",
        "kind": "ServiceAccount",
        "metadata": metadata,
        "automountServiceAccountToken": False,
    }


def ingress() -> dict[str, Any]:
    """An Ingress that no rule refuses."""
    paths = [{"path": "/", "pathType": "Prefix", "backend": _BACKEND}]
    spec = {
        "tls": [{"hosts": ["shop.example.com"], "secretName": "shop"}],
        "rules": [{"host": "shop.example.com", "http": {"paths": paths}}],
    }
    return {
        "apiVersion": "networking.k8s.io/v1",
        "kind": "Ingress",
        "metadata": {"name": "shop", "namespace": "app"},
        "spec": spec,
    }


def gateway() -> dict[str, Any]:
    """A Gateway that no rule refuses."""
    listener = {"name": "web", "protocol": "HTTPS", "port": 443}
    return {
        "apiVersion": "gateway.networking.k8s.io/v1",
        "kind": "Gateway",
        "metadata": {"name": "shop", "namespace": "app"},
        "spec": {"gatewayClassName": "azure", "listeners": [listener]},
    }


def _local(path):
    return {"from": volume, "spec.csi": DELETE, "spec.hostPath": {"path": path}}


_BACKEND = {"service": {"name": "web", "port": {"number": 80}}}
_ON_A_NODE = {
    "required": {
        "nodeSelectorTerms": [
            {"matchExpressions": [{"key": "kubernetes.io/hostname", "operator": "In", "values": ["n"]}]}
        ]
    }
}


_CSI_REFS = ("nodeStage", "nodePublish", "nodeExpand", "controllerPublish", "controllerExpand")
_OF_APP = {"name": "key", "namespace": "app"}
_WHOEVER = 'PersistentVolume "data" is opened by a Secret of the team in app for whoever claims it'
_IN_TREE = {
    "cephfs": {"monitors": ["10.0.0.1:6789"], "secretRef": _OF_APP},
    "flexVolume": {"driver": "example.com/x", "secretRef": _OF_APP},
    "iscsi": {
        "targetPortal": "10.0.0.1:3260",
        "iqn": "iqn.2001-04.com.example:a",
        "lun": 0,
        "secretRef": _OF_APP,
    },
    "rbd": {"monitors": ["10.0.0.1:6789"], "image": "a", "secretRef": _OF_APP},
    "azureFile": {"secretName": "key", "shareName": "a", "secretNamespace": "app"},
}


def _claimed(namespace, by="nodeStage"):
    """A volume that a Secret of the team in app opens, for a claim of one namespace."""
    claim = {"kind": "PersistentVolumeClaim", "name": "data", "namespace": namespace}
    return {"from": volume, f"spec.csi.{by}SecretRef": _OF_APP, "spec.claimRef": claim}


def _by_handle(driver, handle, **more):
    """A volume of one of Azure's drivers, which finds a Secret by its handle alone."""
    return {"from": volume, "spec.csi": {"driver": f"{driver}.csi.azure.com", "volumeHandle": handle}, **more}


_DELETED = "metadata.annotations.volume~kubernetes~io/provisioner-deletion-secret-namespace"


def _select(operator, values=()):
    return {
        "matchExpressions": [
            {"key": "kubernetes.io/metadata.name", "operator": operator}
            | ({"values": list(values)} if values else {})
        ]
    }


HAPPY = volume
SNIPPETS = (
    "configuration-snippet",
    "server-snippet",
    "auth-snippet",
    "stream-snippet",
    "modsecurity-snippets",
)


CASES: dict[str, dict[str, Any]] = {
    "volume-host-path": {
        "fails": {
            "a path": (_local("/etc"), 'PersistentVolume "data" is /etc of a node'),
            "a disk of it": (
                {
                    "from": volume,
                    "spec.csi": DELETE,
                    "spec.local": {"path": "/"},
                    "spec.nodeAffinity": _ON_A_NODE,
                },
                'PersistentVolume "data" is / of a node',
            ),
        }
    },
    "volume-secret-of-team": {
        "passes": {
            "of the platform's": {
                "from": volume,
                "spec.csi.nodeStageSecretRef": {"name": "key", "namespace": "storage"},
            },
            **{f"the team's own, {by}": _claimed("app", by) for by in _CSI_REFS},
            "no namespace": {"from": volume, "spec.csi.volumeAttributes": {"secretName": "app"}},
            "a share that is called as a team": _by_handle("file", "group#account#app#disk#id#storage"),
            "a group that is called as a team": _by_handle("file", "app#app#app#app#app##app"),
            "a team's name and more": _by_handle("file", "group#account#share#disk#id#app-else"),
            "no group, a disk that is called as a team": _by_handle("file", "#account#share#app#"),
            "no group, of more": _by_handle("file", "#account#share#disk#storage#app"),
            "a container that is called as a team": _by_handle("blob", "app#app#app#app#storage#app"),
            "of a disk": _by_handle("disk", "group#account#container#id#app"),
            "of a share, with an id": _by_handle("file", "group#account#share#disk#app"),
            "a team's own, by its handle": _by_handle(
                "file",
                "group#account#share##id#app",
                **{"spec.claimRef": {"kind": "PersistentVolumeClaim", "name": "data", "namespace": "app"}},
            ),
            "deleted by the platform's": {"from": volume, _DELETED: "storage"},
            "another annotation": {"from": volume, "metadata.annotations.note": "app"},
            "an older driver's, of no namespace": {
                "from": volume,
                "spec.csi": DELETE,
                "spec.azureFile": {"secretName": "key", "shareName": "a"},
            },
            **{
                f"{driver}, of no namespace": {
                    "from": volume,
                    "spec.csi": DELETE,
                    f"spec.{driver}": {**source, "secretRef": {"name": "key"}},
                }
                for driver, source in _IN_TREE.items()
                if driver != "azureFile"
            },
            **{
                f"{driver}, of none": {
                    "from": volume,
                    "spec.csi": DELETE,
                    f"spec.{driver}": {key: value for key, value in source.items() if key != "secretRef"},
                }
                for driver, source in _IN_TREE.items()
                if driver != "azureFile"
            },
        },
        "fails": {
            **{by: ({"from": volume, f"spec.csi.{by}SecretRef": _OF_APP}, _WHOEVER) for by in _CSI_REFS},
            **{
                key: ({"from": volume, "spec.csi.volumeAttributes": {key: "app"}}, _WHOEVER)
                for key in ("secretNamespace", "secretnamespace")
            },
            **{
                f"{driver}: {handle}": (_by_handle(driver, handle), _WHOEVER)
                for driver, handle in (
                    ("file", "group#account#share#disk#id#app"),
                    ("file", "group#account#share###app#subscription"),
                    ("file", "#account#share#disk#app"),
                    ("file", "#account#share##app#"),
                    ("blob", "group#account#container#id#app"),
                    ("blob", "#account#container##app#subscription"),
                )
            },
            "deleted by it": ({"from": volume, _DELETED: "app"}, _WHOEVER),
            **{
                driver: ({"from": volume, "spec.csi": DELETE, f"spec.{driver}": source}, _WHOEVER)
                for driver, source in _IN_TREE.items()
            },
            "another's": (
                _claimed("other"),
                'PersistentVolume "data" is opened by a Secret of the team in app for other',
            ),
            "a claim of no namespace": (
                {**_claimed("app"), "spec.claimRef": {"name": "data"}},
                _WHOEVER,
            ),
        },
    },
    "account-token": {
        "passes": {"said no": {"from": account}},
        "fails": {
            name: (
                {"from": account, "automountServiceAccountToken": value},
                'ServiceAccount "reader-2" has its token mounted in every pod',
            )
            for name, value in (("undefined", DELETE), ("mounted", True))
        },
    },
    "ingress-snippets": {
        "passes": {
            "no annotations": {"from": ingress},
            "another annotation": {
                "from": ingress,
                "metadata.annotations": {"nginx.ingress.kubernetes.io/rewrite-target": "/"},
            },
            "another controller's": {
                "from": ingress,
                "metadata.annotations": {"example.com/server-snippet": "x"},
            },
        },
        "fails": {
            name: (
                {"from": ingress, "metadata.annotations": {f"nginx.ingress.kubernetes.io/{name}": "x"}},
                f'Ingress "shop" has the annotation nginx.ingress.kubernetes.io/{name}',
            )
            for name in SNIPPETS
        }
        | {
            name: (
                {"from": ingress, "metadata.annotations": {name: "x"}},
                f'Ingress "shop" has the annotation {name}',
            )
            for name in (
                "nginx.org/server-snippets",
                "nginx.org/location-snippets",
                "nginx.com/http-snippets",
                "haproxy.org/backend-config-snippet",
                "haproxy-ingress.github.io/config-backend",
                "ingress.kubernetes.io/config-backend-early",
            )
        },
    },
    "ingress-tls": {
        "passes": {
            "a host": {"from": ingress},
            "no rules": {"from": ingress, "spec.rules": DELETE, "spec.defaultBackend": _BACKEND},
            "a rule for all": {"from": ingress, "spec.rules[0].host": DELETE},
            "an empty rule for all": {"from": ingress, "spec.rules[0].host": ""},
            **{
                name: {"from": ingress, "spec.tls": value}
                for name, value in {
                    "all hosts": [{"secretName": "shop"}],
                    "hosts that are all": [{"hosts": [], "secretName": "shop"}],
                    "a star": [{"hosts": ["a.example.com", "*.example.com"], "secretName": "shop"}],
                    "the second of two": [
                        {"hosts": ["a.example.com"]},
                        {"hosts": ["b.example.com", "shop.example.com"]},
                    ],
                }.items()
            },
        },
        "fails": {
            name: ({"from": ingress, "spec.tls": value}, 'Ingress "shop" serves plain HTTP')
            for name, value in (
                ("undefined", DELETE),
                ("empty", []),
                ("another host", [{"hosts": ["a.example.com"]}]),
                ("a host that ends so", [{"hosts": ["shop.example.com.au"]}]),
            )
        }
        | {
            "empty, for all": (
                {"from": ingress, "spec.tls": [], "spec.rules[0].host": DELETE},
                'Ingress "shop" serves plain HTTP',
            ),
            "one of two": (
                {"from": ingress, "spec.rules[1]": {"host": "admin.example.com"}},
                'Ingress "shop" serves plain HTTP',
            ),
        },
    },
    "ingress-hosts": {
        "passes": {
            "a host": {"from": ingress},
            "two, and what is left": {
                "from": ingress,
                "spec.rules[1]": {"host": "*.example.com"},
                "spec.defaultBackend": _BACKEND,
            },
        },
        "fails": {
            name: ({"from": ingress, **changes}, 'Ingress "shop" takes every host that no other names')
            for name, changes in {
                "no host": {"spec.rules[0].host": DELETE},
                "an empty one": {"spec.rules[0].host": ""},
                "none in one of two": {"spec.rules[1]": {}},
                "no rules": {"spec.rules": DELETE, "spec.defaultBackend": _BACKEND},
            }.items()
        },
    },
    "ingress-secret-of-team": {
        "passes": {
            name: {"from": ingress, "metadata.annotations": {key: value}}
            for name, (key, value) in {
                "a name": ("nginx.ingress.kubernetes.io/auth-secret", "users"),
                "its own": ("nginx.ingress.kubernetes.io/auth-tls-secret", "app/ca"),
                "the platform's": ("nginx.ingress.kubernetes.io/auth-tls-secret", "ingress-nginx/ca"),
                "one that begins so": ("nginx.ingress.kubernetes.io/auth-tls-secret", "app-hostile-too/ca"),
                "one that ends so": ("nginx.ingress.kubernetes.io/auth-tls-secret", "my-app-hostile/ca"),
                "another kind": ("nginx.ingress.kubernetes.io/auth-secret-type", "app-hostile/x"),
                "a path": ("nginx.ingress.kubernetes.io/rewrite-target", "app-hostile/x"),
                "a ConfigMap": ("nginx.ingress.kubernetes.io/custom-headers", "app-relaxed/headers"),
            }.items()
        }
        | {
            "no annotations": {"from": ingress},
            "its own, which is default": {
                "from": ingress,
                "facts": {"teamNamespaces": ["default"]},
                "metadata.namespace": DELETE,
                "metadata.annotations": {"nginx.ingress.kubernetes.io/auth-secret": "default/users"},
            },
        },
        "fails": {
            name: (
                {"from": ingress, "metadata.annotations": {key: value}},
                f'Ingress "shop" takes the Secret {value} of another team, by {key}',
            )
            for name, (key, value) in {
                "passwords": ("nginx.ingress.kubernetes.io/auth-secret", "app-hostile/users"),
                "a certificate": ("nginx.ingress.kubernetes.io/proxy-ssl-secret", "app-relaxed/client"),
                "after a blank": ("nginx.ingress.kubernetes.io/auth-tls-secret", " app-hostile/ca"),
                "another controller's": ("haproxy.org/auth-secret", "app-hostile/users"),
                "of a CA": ("haproxy-ingress.github.io/secure-verify-ca-secret", "app-relaxed/ca"),
            }.items()
        }
        | {
            "from the namespace default": (
                {
                    "from": ingress,
                    "metadata.namespace": DELETE,
                    "metadata.annotations": {"haproxy.org/server-secret": "app/users"},
                },
                'Ingress "shop" takes the Secret app/users of another team, by haproxy.org/server-secret',
            )
        },
    },
    "gateway-tls": {
        "passes": {"no listeners": {"from": gateway, "spec.listeners": DELETE}, "HTTPS": {"from": gateway}},
        "fails": {
            "HTTP": (
                {"from": gateway, "spec.listeners[0].protocol": "HTTP"},
                'Gateway "shop" serves plain HTTP at the listener web',
            )
        },
    },
    "gateway-listeners": {
        "passes": {
            name: {"from": gateway, "spec.allowedListeners": value}
            for name, value in {
                "of its own": {"namespaces": {"from": "Same"}},
                "by labels": {"namespaces": {"from": "Selector", "selector": {"matchLabels": {"team": "a"}}}},
                "not said": {"namespaces": {}},
            }.items()
        }
        | {"no word": {"from": gateway}},
        "fails": {
            "all": (
                {"from": gateway, "spec.allowedListeners": {"namespaces": {"from": "All"}}},
                'Gateway "shop" takes listeners of every namespace',
            )
        },
    },
    "gateway-routes": {
        "passes": {
            name: {"from": gateway, "spec.listeners[0].allowedRoutes": routes}
            for name, routes in {
                "its own": {"namespaces": {"from": "Same"}},
                "by labels": {"namespaces": {"selector": {}}},
                "by a label": {
                    "namespaces": {"from": "Selector", "selector": {"matchLabels": {"team": "a"}}}
                },
                "by names": {"namespaces": {"from": "Selector", "selector": _select("In", ["a"])}},
                "by a name that is not another": {
                    "namespaces": {
                        "from": "Selector",
                        "selector": {
                            "matchExpressions": [
                                *_select("NotIn", ["a"])["matchExpressions"],
                                *_select("In", ["b"])["matchExpressions"],
                            ]
                        },
                    }
                },
                "by a label that is there": {
                    "namespaces": {
                        "from": "Selector",
                        "selector": {"matchExpressions": [{"key": "team", "operator": "Exists"}]},
                    }
                },
                "by none": {"namespaces": {"from": "Selector"}},
                "by kind": {"kinds": []},
            }.items()
        },
        "fails": {
            name: (
                {"from": gateway, "spec.listeners[0].allowedRoutes": {"namespaces": routes}},
                'Gateway "shop" takes routes of every namespace at the listener web',
            )
            for name, routes in {
                "all": {"from": "All"},
                "all by no label": {"from": "Selector", "selector": {}},
                "all by empty labels": {"from": "Selector", "selector": {"matchLabels": {}}},
                "all that have a name": {"from": "Selector", "selector": _select("Exists")},
                "all but one": {"from": "Selector", "selector": _select("NotIn", ["a"])},
            }.items()
        }
        | {
            "all, in a set of listeners": (
                {
                    "from": gateway,
                    "kind": "ListenerSet",
                    "spec.listeners[0].allowedRoutes": {"namespaces": {"from": "All"}},
                },
                'ListenerSet "shop" takes routes of every namespace at the listener web',
            ),
            "all, in a set of the channel for experiments": (
                {
                    "from": gateway,
                    "apiVersion": "gateway.networking.x-k8s.io/v1alpha1",
                    "kind": "XListenerSet",
                    "spec.listeners[0].allowedRoutes": {"namespaces": {"from": "All"}},
                },
                'XListenerSet "shop" takes routes of every namespace at the listener web',
            ),
        },
    },
}
