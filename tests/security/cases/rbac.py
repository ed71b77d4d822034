"""Cases of the RBAC rules."""

from functools import partial
from typing import Any

from tests.security.build import BREAK_GLASS, DELETE, binding, role

HAPPY = role
CLUSTER_ROLE = {"from": partial(role, "ClusterRole")}
BINDING = {"from": binding}
CLUSTER_BINDING = {"from": partial(binding, "ClusterRoleBinding")}
API = "rbac.authorization.k8s.io"
GROUP = "99999999-2222-3333-4444-555555555555"


def _rule(groups, resources, verbs, **more):
    return {"rules[1]": {"apiGroups": groups, "resources": resources, "verbs": verbs, **more}}


def _subject(kind, name, **more):
    group = {} if kind == "ServiceAccount" else {"apiGroup": API}
    return {"subjects[1]": {"kind": kind, "name": name, **group, **more}}


def _power(words, group, resources, verbs, *, other_verb="watch", **more) -> dict[str, dict[str, Any]]:
    """The cases of a rule that refuses these verbs on these resources of one API group."""
    refused = f'Role "reader" {words}'
    fails = {
        f"{verb} {resource}": (_rule([group], [resource], [verb], **more), refused)
        for verb in verbs
        for resource in resources
    }
    fails |= {
        "every group": (_rule(["*"], [resources[0]], [verbs[0]], **more), refused),
        "every resource": (_rule([group], ["*"], [verbs[0]], **more), refused),
        "every verb": (_rule([group], [resources[0]], ["*"], **more), refused),
        "among others": (
            _rule(["x.io", group], ["things", resources[0]], [other_verb, verbs[0]], **more),
            refused,
        ),
        "a ClusterRole": (
            CLUSTER_ROLE | _rule([group], [resources[0]], [verbs[0]], **more),
            f'ClusterRole "reader" {words}',
        ),
    }
    passes = {
        "another verb": _rule([group], [resources[0]], [other_verb], **more),
        "another resource": _rule([group], ["things"], [verbs[0]], **more),
        "another group": _rule(["x.io"], [resources[0]], [verbs[0]], **more),
    }
    return {"passes": passes, "fails": fails}


_READ_SECRETS = _power("reads all Secrets", "", ["secrets"], ["get", "list", "watch"], other_verb="create")
_READ_SECRETS["passes"] |= {
    "one by name": _rule([""], ["secrets"], ["get"], resourceNames=["tls"]),
    "the preset": {"metadata.name": "operator"} | _rule([""], ["secrets"], ["get"]),
}
_READ_SECRETS["fails"]["a ClusterRole called as the preset"] = (
    CLUSTER_ROLE | {"metadata.name": "operator"} | _rule([""], ["secrets"], ["get"]),
    'ClusterRole "operator" reads all Secrets',
)
_EXEC = _power(
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
    name: {"metadata.name": name} | _rule([""], ["pods/exec"], ["create"])
    for name in ("developer", "operator")
}
_EXEC["fails"]["a ClusterRole called as the preset"] = (
    CLUSTER_ROLE | {"metadata.name": "operator"} | _rule([""], ["pods/exec"], ["create"]),
    'ClusterRole "operator" reaches into running containers',
)
_APPROVES = 'Role "reader" approves certificates'
_CERTIFICATES = "certificates.k8s.io"

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
        "passes": {"one namespace's accounts": BINDING | _subject("Group", "system:serviceaccounts:app")},
        "fails": {
            name: (BINDING | _subject(kind, name), f'RoleBinding "readers" names {name}')
            for kind, name in (
                ("Group", "system:authenticated"),
                ("Group", "system:unauthenticated"),
                ("Group", "system:serviceaccounts"),
                ("User", "system:anonymous"),
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
        },
        "fails": {
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
        },
        "fails": {
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
    "rbac-built-in-roles": {
        "passes": {
            "the break-glass group": BINDING | {"roleRef.name": "admin"},
            "view": BINDING | _subject("Group", GROUP),
            "a Role of that name": BINDING
            | {"roleRef.name": "edit", "roleRef.kind": "Role"}
            | _subject("Group", GROUP),
        },
        "fails": {
            name: (
                BINDING | {"roleRef.name": name} | _subject("Group", GROUP),
                f'RoleBinding "readers" gives {name} to the Group {GROUP}',
            )
            for name in ("admin", "edit")
        }
        | {
            "an account of the group's name": (
                CLUSTER_BINDING
                | {"roleRef.name": "edit"}
                | _subject("ServiceAccount", BREAK_GLASS, namespace="app"),
                f'ClusterRoleBinding "readers" gives edit to the ServiceAccount {BREAK_GLASS}',
            )
        },
    },
    "rbac-wildcards": {
        "passes": {
            "aggregated": CLUSTER_ROLE
            | {"rules": DELETE, "aggregationRule": {"clusterRoleSelectors": [{"matchLabels": {"a": "b"}}]}},
            "paths below one": CLUSTER_ROLE
            | {"rules[1]": {"nonResourceURLs": ["/healthz", "/healthz/*"], "verbs": ["get"]}},
        },
        "fails": {
            "verbs": (_rule([""], ["pods"], ["*"]), 'Role "reader" allows * of verbs'),
            "resources": (_rule([""], ["*"], ["get"]), 'Role "reader" allows * of resources'),
            "a subresource of all": (
                _rule([""], ["pods", "*/exec"], ["create"]),
                'Role "reader" allows */exec of resources',
            ),
            "apiGroups": (_rule(["*"], ["pods"], ["get"]), 'Role "reader" allows * of apiGroups'),
            "nonResourceURLs": (
                CLUSTER_ROLE | {"rules[1]": {"nonResourceURLs": ["*"], "verbs": ["get"]}},
                'ClusterRole "reader" allows * of nonResourceURLs',
            ),
            "every path": (
                CLUSTER_ROLE | {"rules[1]": {"nonResourceURLs": ["/livez", "/*"], "verbs": ["get"]}},
                'ClusterRole "reader" allows /* of nonResourceURLs',
            ),
            "verbs and resources": (_rule([""], ["*"], ["*"]), 'Role "reader" allows * of verbs'),
            "resources and groups": (_rule(["*"], ["*"], ["get"]), 'Role "reader" allows * of resources'),
        },
    },
    "rbac-escalate": _power("allows escalate on roles", API, ["roles", "clusterroles"], ["escalate"]),
    "rbac-bind": _power("allows bind on roles", API, ["roles", "clusterroles"], ["bind"]),
    "rbac-impersonate": {
        "passes": {
            "another verb": _rule([""], ["users"], ["get"]),
            "no verbs": {"rules[1]": {"apiGroups": [""], "resources": ["users"]}},
        },
        "fails": {
            "users": (_rule([""], ["users"], ["get", "impersonate"]), 'Role "reader" allows impersonate'),
            "constrained": (
                _rule([""], ["users"], ["impersonate:user-info"]),
                'Role "reader" allows impersonate',
            ),
        },
    },
    "rbac-read-secrets": _READ_SECRETS,
    "rbac-nodes-proxy": _power(
        "allows nodes/proxy", "", ["nodes/proxy", "*/proxy"], ["get", "create", "update", "patch", "delete"]
    ),
    "rbac-pod-exec": _EXEC,
    "rbac-csr-approval": {
        "passes": {
            "reading": _rule([_CERTIFICATES], ["certificatesigningrequests/approval"], ["get"]),
            "requesting": _rule([_CERTIFICATES], ["certificatesigningrequests"], ["create", "update"]),
            "reading signers": _rule([_CERTIFICATES], ["signers"], ["get"]),
            "another group": _rule(
                ["x.io"], ["certificatesigningrequests/approval", "signers"], ["update", "approve"]
            ),
            "verbs of the other resource": _rule(
                [_CERTIFICATES], ["certificatesigningrequests/approval"], ["approve"]
            ),
        },
        "fails": {
            f"{verb} {resource} of {group}": (_rule([group], [resource], [verb]), _APPROVES)
            for group, resource, verb in (
                (_CERTIFICATES, "certificatesigningrequests/approval", "update"),
                (_CERTIFICATES, "certificatesigningrequests/approval", "patch"),
                (_CERTIFICATES, "certificatesigningrequests/approval", "*"),
                (_CERTIFICATES, "*/approval", "update"),
                (_CERTIFICATES, "*", "update"),
                (_CERTIFICATES, "signers", "approve"),
                (_CERTIFICATES, "signers", "sign"),
                (_CERTIFICATES, "signers", "*"),
                (_CERTIFICATES, "*", "sign"),
                ("*", "certificatesigningrequests/approval", "update"),
            )
        }
        | {
            "among others": (
                _rule(
                    [_CERTIFICATES, "x.io"],
                    ["things", "certificatesigningrequests/approval"],
                    ["get", "update"],
                ),
                _APPROVES,
            ),
            "signers among others": (
                _rule([_CERTIFICATES], ["things", "signers"], ["get", "approve"]),
                _APPROVES,
            ),
        },
    },
    "rbac-admission-control": _power(
        "changes webhooks or admission policies",
        "admissionregistration.k8s.io",
        [
            "validatingwebhookconfigurations",
            "mutatingwebhookconfigurations",
            "validatingadmissionpolicies",
            "validatingadmissionpolicybindings",
            "mutatingadmissionpolicies",
            "mutatingadmissionpolicybindings",
        ],
        ["create", "update", "patch", "delete", "deletecollection"],
    ),
    "rbac-token-creation": _power(
        "makes tokens of service accounts", "", ["serviceaccounts/token", "*/token"], ["create"]
    ),
    "rbac-persistent-volumes": _power(
        "makes PersistentVolumes", "", ["persistentvolumes"], ["create", "update", "patch"]
    ),
    "rbac-namespace-change": _power("changes namespaces", "", ["namespaces"], ["update", "patch"]),
}
