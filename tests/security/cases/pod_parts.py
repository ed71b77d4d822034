"""What the cases of the pod rules are put together from."""

from functools import partial
from typing import Any

from tests.security.build import workload

_SC = "securityContext"


def both(path, value):
    """The same setting on a container, an init container and an ephemeral container."""
    return {
        "a container": {f"C.{path}": value},
        "an init container": {f"I.{path}": value},
        "an ephemeral container": {f"E.{path}": value},
    }


def fails(path, value: Any, words):
    """The same three, refused with the same words."""
    names = {"a container": "app", "an init container": "init", "an ephemeral container": "debug"}
    return {
        name: (changes, words.format(f'container "{names[name]}"'))
        for name, changes in both(path, value).items()
    }


def everywhere(path, value, words):
    """The same three and the pod itself."""
    return {"the pod": ({f"P.{path}": value}, words.format("the pod"))} | fails(f"{_SC}.{path}", value, words)


WINDOWS = {
    "S.os": {"name": "windows"},
    "S.securityContext": {"runAsNonRoot": True},
    "C.securityContext": {},
}
HOST_PROCESS = {"hostProcess": True}
IS_HOST_PROCESS = "sets securityContext.windowsOptions.hostProcess to true"
LINUX = {"S.os": {"name": "linux"}}
USER_NAMESPACE = {"S.hostUsers": False}
NO_USER_NAMESPACE = {"S.hostUsers": True}
RELAXED = {"M.namespace": "app-relaxed"}
VOLUME = "S.volumes"
APPARMOR = "container~apparmor~security~beta~kubernetes~io/app"
SECCOMP = "container~seccomp~security~alpha~kubernetes~io/app"

# Where each kind of workload keeps its containers.
TEMPLATES = {
    "PodTemplate": "template.spec",
    "CronJob": "spec.jobTemplate.spec.template.spec",
    **dict.fromkeys(
        ("ReplicationController", "Deployment", "ReplicaSet", "DaemonSet", "StatefulSet", "Job"),
        "spec.template.spec",
    ),
}


def workloads(path, value):
    return {
        f"a {kind}": {"from": partial(workload, kind), f"{template}.containers[0].{path}": value}
        for kind, template in TEMPLATES.items()
    }


def declared(field, kind, by_hand):
    """The cases of a rule that wants the Localhost profile named in `field` to be one that something loads."""
    refused = f"names the {kind} profile {{}}, which nothing loads"

    def localhost(name):
        return {"type": "Localhost", **({"localhostProfile": name} if name else {})}

    return {
        "passes": {
            "declared": {f"P.{field}": localhost("p"), f"C.securityContext.{field}": localhost("p")},
            "by other hands": {f"P.{field}": localhost(by_hand)},
            "the runtime's": {f"P.{field}": {"type": "RuntimeDefault"}},
        },
        "fails": {
            "the pod": ({f"P.{field}": localhost("q")}, f"the pod {refused.format('q')}"),
            "a container": (
                {f"C.securityContext.{field}": localhost("q")},
                f'container "app" {refused.format("q")}',
            ),
            "none": ({f"P.{field}": localhost("")}, f"the pod {refused.format('(none)')}"),
        },
    }
