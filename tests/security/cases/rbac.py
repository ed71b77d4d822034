"""Cases of the RBAC rules."""

from functools import partial
from typing import Any

from tests.security.build import BREAK_GLASS, DELETE, DEPLOYERS, binding, role
from tests.security.cases import rbac_limits, rbac_powers
from tests.security.cases.rbac_powers import (
    API,
    CHECKS,
    CLUSTER_ROLE,
    DELETES,
    WRITES,
    power,
    rule_of,
    with_gatekeeper,
)

HAPPY = role
BINDING = {"from": binding}
CLUSTER_BINDING = {"from": partial(binding, "ClusterRoleBinding")}
GROUP = "99999999-2222-3333-4444-555555555555"


def _subject(kind, name, **more):
    group = {} if kind == "ServiceAccount" else {"apiGroup": API}
    return {"subjects[1]": {"kind": kind, "name": name, **group, **more}}


_SCALER = "horizontal-pod-autoscaler"
_MAKES_TOKENS = "makes tokens or certificates of service accounts"
_CERTIFICATES = "certificates.k8s.io"
_TOKENS = power(_MAKES_TOKENS, "", ["serviceaccounts/token", "*/token"], ["create"])
_TOKENS["passes"] |= {
    "requests of the same name": rule_of(["example.com"], ["podcertificaterequests"], ["create"]),
    "other requests": rule_of([_CERTIFICATES], ["certificatesigningrequests"], ["create"]),
    "reading requests of pods": rule_of([_CERTIFICATES], ["podcertificaterequests"], ["list"]),
}
_TOKENS["fails"] |= {
    f"certificates of pods, {name}": (rule_of([group], [resource], [verb]), f'Role "reader" {_MAKES_TOKENS}')
    for name, group, resource, verb in (
        ("named", _CERTIFICATES, "podcertificaterequests", "create"),
        ("of any group", "*", "podcertificaterequests", "create"),
        ("among all", _CERTIFICATES, "*", "create"),
        ("in any way", _CERTIFICATES, "podcertificaterequests", "*"),
    )
}

_TOKENS["fails"]["certificates of pods, among others"] = (
    rule_of([_CERTIFICATES, "x"], ["podcertificaterequests", "x"], ["create", "get"]),
    f'Role "reader" {_MAKES_TOKENS}',
)

_READ_SECRETS = power(
    "reads all Secrets", "", ["secrets"], ["get", "list", "watch", *DELETES], other_verb="create"
)
_READ_SECRETS["passes"] |= {
    "one by name": rule_of([""], ["secrets"], ["get"], resourceNames=["tls"]),
    "no rules": {"rules": DELETE},
    "the preset": {"metadata.name": "operator"} | rule_of([""], ["secrets"], ["get"]),
}
_READ_SECRETS["fails"]["a ClusterRole called as the preset"] = (
    CLUSTER_ROLE | {"metadata.name": "operator"} | rule_of([""], ["secrets"], ["get"]),
    'ClusterRole "operator" reads all Secrets',
)
_READ_SECRETS["fails"]["a ClusterRole with a namespace"] = (
    CLUSTER_ROLE
    | {"metadata.name": "operator", "metadata.namespace": "app"}
    | rule_of([""], ["secrets"], ["get"]),
    'ClusterRole "operator" reads all Secrets',
)
_READ_SECRETS["fails"]["the preset in the namespace default"] = (
    {"metadata.name": "operator", "metadata.namespace": "default"} | rule_of([""], ["secrets"], ["get"]),
    'Role "operator" reads all Secrets',
)
_READ_SECRETS["fails"]["the preset of no namespace"] = (
    {"metadata.name": "operator", "metadata.namespace": DELETE} | rule_of([""], ["secrets"], ["get"]),
    'Role "operator" reads all Secrets',
)
_READ_SECRETS["fails"]["the name of a request to list"] = (
    rule_of([""], ["secrets"], ["list"], resourceNames=["tls", ""]),
    'Role "reader" reads all Secrets',
)
_READ_SECRETS["fails"]["names of none"] = (
    rule_of([""], ["secrets"], ["list"], resourceNames=[]),
    'Role "reader" reads all Secrets',
)
_EXEC = power(
    "reaches into running containers",
    "",
    [
        f"{holder}/{part}"
        for part in ("exec", "attach", "portforward", "ephemeralcontainers")
        for holder in ("pods", "*")
    ],
    ["get", "create", "update", "patch"],
)
_EXEC["passes"] |= {
    name: {"metadata.name": name} | rule_of([""], ["pods/exec"], ["create"])
    for name in ("developer", "operator")
}
_EXEC["fails"]["a ClusterRole called as the preset"] = (
    CLUSTER_ROLE | {"metadata.name": "operator"} | rule_of([""], ["pods/exec"], ["create"]),
    'ClusterRole "operator" reaches into running containers',
)


def _account(name: str, namespace: str = "keeper", role: str = "keeper-reads-secrets") -> dict[str, Any]:
    """A subject of the platform's keeper (tests/security/build.py), and the role it is to get."""
    account = {"kind": "ServiceAccount", "name": name, "namespace": namespace}
    return {"roleRef.name": role, "subjects": [account]}


def _own(name: str, kind: str, subject: str, **more: Any) -> dict[str, Any]:
    """A binding of this project's, with one subject."""
    group = {} if kind == "ServiceAccount" else {"apiGroup": API}
    subjects = [{"kind": kind, "name": subject, **group, **more}]
    return CLUSTER_BINDING | {"metadata.name": name, "roleRef.name": name, "subjects": subjects}


_APPROVES = 'Role "reader" approves certificates'
_CERTIFICATES = "certificates.k8s.io"

_OF_ADD_ONS = (
    "ama-metrics-reader",
    "cilium-operator",
    "csi-azurefile-node-secret-role",
    "eraser-manager-role",
    "gatekeeper-manager-role",
    "istiod-clusterrole-asm-1-29-aks-istio-system",
    "istiod-gateway-controller-asm-1-29-aks-istio-system",
    "keda-operator",
    "policy-agent",
    "secretprovidersyncing-role",
    "aks-secretprovidersyncing-role",
    "secretproviderrotation-role",
    "tigera-operator",
    "tigera-operator-secrets",
)
_KEDA = "keda/keda ClusterRole/keda-operator"
_IN_KUBE_SYSTEM = BINDING | {"metadata.namespace": "kube-system", "roleRef.name": "own"}

CASES: dict[str, dict[str, Any]] = {
    "rbac-user-subjects": {
        "passes": {
            "a group": BINDING | _subject("Group", GROUP),
            "an account": BINDING | _subject("ServiceAccount", "ci", namespace="app"),
        },
        "fails": {
            "a user": (
                BINDING | _subject("User", "ann@example.com"),
                'RoleBinding "readers" names the user ann@example.com',
            )
        },
    },
    "rbac-system-masters": {
        "passes": {"an account of that name": BINDING | _subject("User", "system:masters")},
        "fails": {
            "the group": (
                BINDING | _subject("Group", "system:masters"),
                'RoleBinding "readers" names the group system:masters',
            )
        },
    },
    "rbac-everyone": {
        "passes": {
            "a user of that name": BINDING | _subject("User", "system:serviceaccounts:app"),
            "a user called as the nodes": BINDING | _subject("User", "system:nodes"),
            "another group": BINDING | _subject("Group", GROUP),
        },
        "fails": {
            name: (BINDING | _subject(kind, name), f'RoleBinding "readers" names {name}')
            for kind, name in (
                ("Group", "system:authenticated"),
                ("Group", "system:unauthenticated"),
                ("Group", "system:serviceaccounts"),
                ("Group", "system:serviceaccounts:app"),
                ("User", "system:anonymous"),
                ("Group", "system:nodes"),
                ("Group", "system:bootstrappers:kubeadm:default-node-token"),
            )
        },
    },
    "rbac-default-service-account": {
        "passes": {
            "another": BINDING | _subject("ServiceAccount", "ci", namespace="app"),
            "a group called default": BINDING | _subject("Group", "default"),
        },
        "fails": {
            "default": (
                BINDING | _subject("ServiceAccount", "default", namespace="app"),
                'RoleBinding "readers" names the service account default of app',
            ),
            "of its own namespace": (
                BINDING | _subject("ServiceAccount", "default"),
                'RoleBinding "readers" names the service account default',
            ),
        },
    },
    "rbac-cluster-wide-binding": {
        "passes": {
            "the break-glass group": CLUSTER_BINDING,
            "in a namespace": BINDING | _subject("Group", GROUP),
            "an account of the platform, to its role": CLUSTER_BINDING | _account("keeper", role="keeper"),
            "to a role that begins as its role may": CLUSTER_BINDING | _account("keeper"),
            "who scales by an adapter's metrics": CLUSTER_BINDING | _account(_SCALER, "kube-system"),
        },
        "fails": {
            "who scales, elsewhere": (
                CLUSTER_BINDING | _account(_SCALER, "app"),
                f'ClusterRoleBinding "readers" names the ServiceAccount {_SCALER}',
            ),
            "a user of that name": (
                CLUSTER_BINDING
                | _account(_SCALER, "kube-system")
                | {"subjects[0].kind": "User", "subjects[0].apiGroup": API, "subjects[0].namespace": DELETE},
                f'ClusterRoleBinding "readers" names the User {_SCALER}',
            ),
            "another of kube-system's": (
                CLUSTER_BINDING | _account("horizontal", "kube-system"),
                'ClusterRoleBinding "readers" names the ServiceAccount horizontal',
            ),
            "an account of the platform, to another role": (
                CLUSTER_BINDING | _account("keeper", role="keepers"),
                'ClusterRoleBinding "readers" names the ServiceAccount keeper',
            ),
            "a group of an account's name": (
                CLUSTER_BINDING
                | _account("keeper")
                | {"subjects[0].kind": "Group", "subjects[0].apiGroup": API, "subjects[0].namespace": DELETE},
                'ClusterRoleBinding "readers" names the Group keeper',
            ),
            "an account of that name elsewhere": (
                CLUSTER_BINDING | _account("keeper", "app"),
                'ClusterRoleBinding "readers" names the ServiceAccount keeper',
            ),
            "another account beside it": (
                CLUSTER_BINDING
                | _account("keeper")
                | {"subjects[1]": {"kind": "ServiceAccount", "name": "keeper", "namespace": "app"}},
                'ClusterRoleBinding "readers" names the ServiceAccount keeper',
            ),
            "another group": (
                CLUSTER_BINDING | _subject("Group", GROUP),
                f'ClusterRoleBinding "readers" names the Group {GROUP}',
            ),
            "an account of the group's name": (
                CLUSTER_BINDING | _subject("ServiceAccount", BREAK_GLASS, namespace="app"),
                f'ClusterRoleBinding "readers" names the ServiceAccount {BREAK_GLASS}',
            ),
        },
    },
    "rbac-cluster-admin": {
        "passes": {
            "the break-glass group": CLUSTER_BINDING | {"roleRef.name": "cluster-admin"},
            "another role": CLUSTER_BINDING | _subject("Group", GROUP),
            "an account of the platform that may be": CLUSTER_BINDING
            | _account("applier", role="cluster-admin"),
        },
        "fails": {
            "one that may not": (
                CLUSTER_BINDING | _account("keeper", role="cluster-admin"),
                'ClusterRoleBinding "readers" gives cluster-admin to the ServiceAccount keeper',
            ),
            "one that may be, in a namespace": (
                BINDING | _account("applier", role="cluster-admin"),
                'RoleBinding "readers" gives cluster-admin to the ServiceAccount applier',
            ),
            "one that may be, and one that may not": (
                CLUSTER_BINDING
                | _account("applier", role="cluster-admin")
                | {"subjects[1]": {"kind": "ServiceAccount", "name": "keeper", "namespace": "keeper"}},
                'ClusterRoleBinding "readers" gives cluster-admin to the ServiceAccount keeper',
            ),
            "another group": (
                CLUSTER_BINDING | {"roleRef.name": "cluster-admin"} | _subject("Group", GROUP),
                f'ClusterRoleBinding "readers" gives cluster-admin to the Group {GROUP}',
            ),
            "in a namespace": (
                BINDING | {"roleRef.name": "cluster-admin"},
                f'RoleBinding "readers" gives cluster-admin to the Group {BREAK_GLASS}',
            ),
            "an account of the group's name": (
                CLUSTER_BINDING
                | {"roleRef.name": "cluster-admin"}
                | _subject("ServiceAccount", BREAK_GLASS, namespace="app"),
                f'ClusterRoleBinding "readers" gives cluster-admin to the ServiceAccount {BREAK_GLASS}',
            ),
        },
    },
    "rbac-platform-roles": {
        "passes": {
            "another role": BINDING | _subject("Group", GROUP),
            "its account": CLUSTER_BINDING | _account("keeper"),
            "its account, in a namespace": BINDING | _account("keeper"),
            "a role of that name of a team's own": BINDING
            | {"roleRef.kind": "Role", "roleRef.name": "keeper"},
            "a Role of this project's, by its name": BINDING
            | {"roleRef.kind": "Role", "roleRef.name": "secure-aks-deployers"},
            "this project's, by its own binding": CLUSTER_BINDING | {"roleRef.name": "secure-aks-deployers"},
            "a role whose name only begins so": BINDING | {"roleRef.name": "keepers"},
            "a role": {},
        },
        "fails": {
            "a group": (
                BINDING | {"roleRef.name": "keeper-reads-secrets"},
                f'RoleBinding "readers" gives keeper-reads-secrets to the Group {BREAK_GLASS}',
            ),
            **{
                f"this project's {name}": (
                    BINDING | {"roleRef.name": name} | _subject("Group", GROUP),
                    "; ".join(
                        f'RoleBinding "readers" gives {name} to the Group {group}'
                        for group in (BREAK_GLASS, GROUP)
                    ),
                )
                for name in ("kured", "secure-aks-deployers", "secure-aks-profile-loaders")
            },
            "another account": (
                BINDING | _account("applier", role="keeper"),
                'RoleBinding "readers" gives keeper to the ServiceAccount applier',
            ),
        },
    },
    "rbac-own-bindings": {
        "passes": {
            "another": CLUSTER_BINDING,
            "in a namespace, of that name": BINDING | {"metadata.name": "kured"},
            "kured's": _own("kured", "ServiceAccount", "kured", namespace="kured"),
            "the loaders'": _own(
                "secure-aks-profile-loaders", "ServiceAccount", "loader", namespace="security-profiles"
            ),
            "the deployers'": _own("secure-aks-deployers", "Group", DEPLOYERS),
            "readers that the stack makes": _own("secure-aks-readers", "Group", GROUP),
        },
        "fails": {
            name: (changes, f'ClusterRoleBinding "{own}" gives {gives} to the {who}')
            for name, changes, own, gives, who in (
                (
                    "kured's, for another",
                    _own("kured", "ServiceAccount", "x", namespace="kured"),
                    "kured",
                    "kured",
                    "ServiceAccount x",
                ),
                (
                    "kured's, for a group",
                    _own("kured", "Group", "kured/kured"),
                    "kured",
                    "kured",
                    "Group kured/kured",
                ),
                (
                    "kured's, for an account of another namespace",
                    _own("kured", "ServiceAccount", "kured", namespace="kube-system"),
                    "kured",
                    "kured",
                    "ServiceAccount kured",
                ),
                (
                    "the loaders', for a group",
                    _own("secure-aks-profile-loaders", "Group", GROUP),
                    "secure-aks-profile-loaders",
                    "secure-aks-profile-loaders",
                    f"Group {GROUP}",
                ),
                (
                    "the deployers', for an account of a group's name",
                    _own("secure-aks-deployers", "ServiceAccount", DEPLOYERS, namespace="x"),
                    "secure-aks-deployers",
                    "secure-aks-deployers",
                    f"ServiceAccount {DEPLOYERS}",
                ),
                (
                    "the readers', for an account",
                    _own("secure-aks-readers", "ServiceAccount", "x", namespace="x"),
                    "secure-aks-readers",
                    "secure-aks-readers",
                    "ServiceAccount x",
                ),
                (
                    "the readers', for a user",
                    _own("secure-aks-readers", "User", "x"),
                    "secure-aks-readers",
                    "secure-aks-readers",
                    "User x",
                ),
                (
                    "its name, to another role",
                    _own("secure-aks-readers", "Group", GROUP) | {"roleRef.name": "mine"},
                    "secure-aks-readers",
                    "mine",
                    f"Group {GROUP}",
                ),
                *(
                    (
                        f"{own}, by another name",
                        _own(own, "Group", GROUP) | {"metadata.name": "mine"},
                        "mine",
                        own,
                        f"Group {GROUP}",
                    )
                    for own in (
                        "kured",
                        "secure-aks-deployers",
                        "secure-aks-profile-loaders",
                        "secure-aks-readers",
                    )
                ),
                *(
                    (
                        f"the name {own}, for another role",
                        _own(own, "Group", GROUP) | {"roleRef.name": "view"},
                        own,
                        "view",
                        f"Group {GROUP}",
                    )
                    for own in ("kured", "secure-aks-deployers", "secure-aks-profile-loaders")
                ),
            )
        },
    },
    "rbac-built-in-roles": {
        "passes": {
            "the break-glass group": BINDING | {"roleRef.name": "admin"},
            "view": BINDING | _subject("Group", GROUP),
            **{
                name: BINDING | {"roleRef.name": name} | _subject("Group", GROUP)
                for name in (
                    "system:aggregate-to-view",
                    "system:auth-delegator",
                    "system:basic-user",
                    "system:discovery",
                    "system:monitoring",
                    "system:public-info-viewer",
                    "system:service-account-issuer-discovery",
                )
            },
            "nearly an add-on's": BINDING | {"roleRef.name": "tigera-operators"} | _subject("Group", GROUP),
            "an add-on's, of the platform": BINDING
            | {"roleRef.name": "keda-operator", "facts": {"platformBindings": [_KEDA], "platformRoles": []}}
            | _subject("ServiceAccount", "keda", namespace="keda"),
            "a Role of that name": BINDING
            | {"roleRef.name": "edit", "roleRef.kind": "Role"}
            | _subject("Group", GROUP),
        },
        "fails": {
            name: (
                BINDING | {"roleRef.name": name} | _subject("Group", GROUP),
                f'RoleBinding "readers" gives {name} to the Group {GROUP}',
            )
            for name in (
                "admin",
                "aks-service",
                "edit",
                *_OF_ADD_ONS,
                "system:aggregate-to-edit",
                "system:aggregate-to-admin",
                "system:controller:replicaset-controller",
                "system:node",
            )
        }
        | {
            "an account of the group's name": (
                CLUSTER_BINDING
                | {"roleRef.name": "edit"}
                | _subject("ServiceAccount", BREAK_GLASS, namespace="app"),
                f'ClusterRoleBinding "readers" gives edit to the ServiceAccount {BREAK_GLASS}',
            ),
            "edit, of the platform": (
                BINDING
                | {
                    "roleRef.name": "edit",
                    "facts": {
                        "platformBindings": [_KEDA.replace("keda-operator", "edit")],
                        "platformRoles": [],
                    },
                }
                | _subject("ServiceAccount", "keda", namespace="keda"),
                'RoleBinding "readers" gives edit to the ServiceAccount keda',
            ),
            "an add-on's, to any account": (
                BINDING
                | {"roleRef.name": "keda-operator"}
                | _subject("ServiceAccount", "keda", namespace="keda"),
                'RoleBinding "readers" gives keda-operator to the ServiceAccount keda',
            ),
            "an add-on's, to an account of no namespace": (
                BINDING | {"roleRef.name": "keda-operator"} | _subject("ServiceAccount", "keda"),
                'RoleBinding "readers" gives keda-operator to the ServiceAccount keda',
            ),
        },
    },
    "rbac-system-namespaces": {
        "passes": {
            "a team's namespace": BINDING | {"roleRef.name": "own"} | _subject("Group", GROUP),
            "no namespace": BINDING
            | {"roleRef.name": "own", "metadata.namespace": DELETE}
            | _subject("Group", GROUP),
            "cluster-wide": CLUSTER_BINDING | {"roleRef.name": "own"} | _subject("Group", GROUP),
            "a Role": _IN_KUBE_SYSTEM | {"roleRef.kind": "Role"} | _subject("Group", GROUP),
            "view": _IN_KUBE_SYSTEM | {"roleRef.name": "view"} | _subject("Group", GROUP),
            "of Kubernetes": _IN_KUBE_SYSTEM
            | {"roleRef.name": "system:discovery"}
            | _subject("Group", GROUP),
            "break glass": _IN_KUBE_SYSTEM,
            "the platform's": _IN_KUBE_SYSTEM
            | {"roleRef.name": "keeper"}
            | _subject("ServiceAccount", "keeper", namespace="keeper"),
            "what the stack leaves out itself": _IN_KUBE_SYSTEM
            | {"metadata.namespace": "aks-istio-system"}
            | _subject("Group", GROUP),
        },
        "fails": {
            name: (
                _IN_KUBE_SYSTEM | subject,
                f'RoleBinding "readers" gives own in kube-system to the {words}',
            )
            for name, subject, words in (
                ("a group", _subject("Group", GROUP), f"Group {GROUP}"),
                (
                    "an account",
                    _subject("ServiceAccount", "reader", namespace="app"),
                    "ServiceAccount reader",
                ),
                ("an account of no namespace", _subject("ServiceAccount", "keeper"), "ServiceAccount keeper"),
                (
                    "an account of the group's name",
                    _subject("ServiceAccount", BREAK_GLASS, namespace="app"),
                    f"ServiceAccount {BREAK_GLASS}",
                ),
                (
                    "an account of the platform, to a role that is not its own",
                    _subject("ServiceAccount", "keeper", namespace="keeper"),
                    "ServiceAccount keeper",
                ),
            )
        },
    },
    "rbac-wildcards": {
        "passes": {
            "aggregated": CLUSTER_ROLE
            | {"rules": DELETE, "aggregationRule": {"clusterRoleSelectors": [{"matchLabels": {"a": "b"}}]}},
            "paths below one": CLUSTER_ROLE
            | {"rules[1]": {"nonResourceURLs": ["/healthz", "/healthz/*", "/api"], "verbs": ["get"]}},
            **{
                f"below {path}": CLUSTER_ROLE
                | {"rules[1]": {"nonResourceURLs": [f"/{path}/*"], "verbs": ["get"]}}
                for path in ("livez", "readyz", "openapi", "version", ".well-known")
            },
        },
        "fails": {
            "verbs": (rule_of([""], ["pods"], ["*"]), 'Role "reader" allows * of verbs'),
            "resources": (rule_of([""], ["*"], ["get"]), 'Role "reader" allows * of resources'),
            "a subresource of all": (
                rule_of([""], ["pods", "*/exec"], ["create"]),
                'Role "reader" allows */exec of resources',
            ),
            "apiGroups": (rule_of(["*"], ["pods"], ["get"]), 'Role "reader" allows * of apiGroups'),
            "nonResourceURLs": (
                CLUSTER_ROLE | {"rules[1]": {"nonResourceURLs": ["*"], "verbs": ["get"]}},
                'ClusterRole "reader" allows * of nonResourceURLs',
            ),
            "every path": (
                CLUSTER_ROLE | {"rules[1]": {"nonResourceURLs": ["/livez", "/*"], "verbs": ["get"]}},
                'ClusterRole "reader" allows /* of nonResourceURLs',
            ),
            **{
                f"the API's paths beside {path}": (
                    CLUSTER_ROLE
                    | {"rules[1]": {"nonResourceURLs": [f"/{path}/*", "/api/*"], "verbs": ["get"]}},
                    'ClusterRole "reader" allows /api/* of nonResourceURLs',
                )
                for path in ("healthz", "livez", "readyz", "openapi", "version", ".well-known")
            },
            "the API's paths": (
                CLUSTER_ROLE | {"rules[1]": {"nonResourceURLs": ["/version/", "/api/*"], "verbs": ["get"]}},
                'ClusterRole "reader" allows /api/* of nonResourceURLs',
            ),
            "every path that starts so": (
                CLUSTER_ROLE | {"rules[1]": {"nonResourceURLs": ["/xwell-known/*"], "verbs": ["get"]}},
                'ClusterRole "reader" allows /xwell-known/* of nonResourceURLs',
            ),
            "below such a path alone": (
                CLUSTER_ROLE | {"rules[1]": {"nonResourceURLs": ["/x/healthz/*"], "verbs": ["get"]}},
                'ClusterRole "reader" allows /x/healthz/* of nonResourceURLs',
            ),
            "verbs and resources": (rule_of([""], ["*"], ["*"]), 'Role "reader" allows * of verbs'),
            "resources and groups": (rule_of(["*"], ["*"], ["get"]), 'Role "reader" allows * of resources'),
        },
    },
    "rbac-escalate": power("allows escalate on roles", API, ["roles", "clusterroles"], ["escalate"]),
    "rbac-bind": power("allows bind on roles", API, ["roles", "clusterroles"], ["bind"]),
    "rbac-impersonate": {
        "passes": {
            "another verb": rule_of([""], ["users"], ["get"]),
            "every verb of other things": rule_of([""], ["pods"], ["*"]),
            "every verb of another group's": rule_of(["x.io"], ["users"], ["*"]),
            "no verbs": {"rules[1]": {"apiGroups": [""], "resources": ["users"]}},
        },
        "fails": {
            "users": (rule_of([""], ["users"], ["get", "impersonate"]), 'Role "reader" allows impersonate'),
            **{
                f"every verb of {resource}": (
                    rule_of(["x.io", group], ["things", resource], ["get", "*"]),
                    'Role "reader" allows impersonate',
                )
                for group, resource in (
                    ("", "users"),
                    ("", "groups"),
                    ("", "serviceaccounts"),
                    ("", "*"),
                    ("*", "users"),
                    ("authentication.k8s.io", "uids"),
                    ("authentication.k8s.io", "userextras/scopes"),
                )
            },
            "constrained": (
                rule_of([""], ["users"], ["impersonate:user-info"]),
                'Role "reader" allows impersonate',
            ),
        },
    },
    "rbac-read-secrets": _READ_SECRETS,
    "rbac-nodes-proxy": power(
        "reaches into the nodes by their kubelets",
        "",
        ["nodes/proxy", "nodes/log", "nodes/checkpoint", "*/proxy", "*/log", "*/checkpoint"],
        ["get", "create", "update", "patch", "delete"],
    ),
    "rbac-pod-exec": _EXEC,
    "rbac-csr-approval": {
        "passes": {
            "reading": rule_of([_CERTIFICATES], ["certificatesigningrequests/approval"], ["get"]),
            "requesting": rule_of([_CERTIFICATES], ["certificatesigningrequests"], ["create", "update"]),
            "reading what needs no approval": rule_of(
                [_CERTIFICATES], ["certificatesigningrequests/nodeclient"], ["get"]
            ),
            "reading signers": rule_of([_CERTIFICATES], ["signers"], ["get"]),
            "another group": rule_of(
                ["x.io"], ["certificatesigningrequests/approval", "signers"], ["update", "approve"]
            ),
            "verbs of the other resource": rule_of(
                [_CERTIFICATES], ["certificatesigningrequests/approval"], ["approve"]
            ),
        },
        "fails": {
            f"{verb} {resource} of {group}": (rule_of([group], [resource], [verb]), _APPROVES)
            for group, resource, verb in (
                (_CERTIFICATES, "certificatesigningrequests/approval", "update"),
                (_CERTIFICATES, "certificatesigningrequests/approval", "patch"),
                (_CERTIFICATES, "certificatesigningrequests/approval", "*"),
                (_CERTIFICATES, "*/approval", "update"),
                (_CERTIFICATES, "certificatesigningrequests/nodeclient", "create"),
                (_CERTIFICATES, "certificatesigningrequests/nodeclient", "*"),
                (_CERTIFICATES, "*/nodeclient", "create"),
                (_CERTIFICATES, "*", "create"),
                (_CERTIFICATES, "*", "update"),
                (_CERTIFICATES, "signers", "approve"),
                (_CERTIFICATES, "signers", "attest"),
                (_CERTIFICATES, "signers", "sign"),
                (_CERTIFICATES, "signers", "*"),
                (_CERTIFICATES, "*", "sign"),
                ("*", "certificatesigningrequests/approval", "update"),
            )
        }
        | {
            "among others": (
                rule_of(
                    [_CERTIFICATES, "x.io"],
                    ["things", "certificatesigningrequests/approval"],
                    ["get", "update"],
                ),
                _APPROVES,
            ),
            "what needs no approval among others": (
                rule_of(
                    [_CERTIFICATES],
                    ["things", "certificatesigningrequests/nodeclient"],
                    ["get", "create"],
                ),
                _APPROVES,
            ),
            "signers among others": (
                rule_of([_CERTIFICATES], ["things", "signers"], ["get", "approve"]),
                _APPROVES,
            ),
        },
    },
    "rbac-admission-control": with_gatekeeper(
        power(
            CHECKS,
            "admissionregistration.k8s.io",
            [
                "validatingwebhookconfigurations",
                "mutatingwebhookconfigurations",
                "validatingadmissionpolicies",
                "validatingadmissionpolicybindings",
                "mutatingadmissionpolicies",
                "mutatingadmissionpolicybindings",
            ],
            [*WRITES, *DELETES],
        )
    ),
    "rbac-token-creation": _TOKENS,
    "rbac-persistent-volumes": power(
        "makes PersistentVolumes", "", ["persistentvolumes"], ["create", "update", "patch"]
    ),
    **rbac_limits.CASES,
    **rbac_powers.CASES,
}
