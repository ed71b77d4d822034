"""Cases of the rules about whose nodes a pod lands on: app-hostile has nodes of its own, app has none."""

from typing import Any

KEY = "secure-aks/namespace"
_OWN = {"key": KEY, "operator": "Equal", "value": "app-hostile", "effect": "NoSchedule"}
_OTHER = {"key": "spot", "operator": "Exists"}
AT_HOME: dict[str, Any] = {
    "M.namespace": "app-hostile",
    "S.nodeSelector": {KEY: "app-hostile", "kubernetes.io/os": "linux"},
    "S.tolerations": [_OTHER, _OWN],
}
"""What puts a pod on the nodes of its namespace."""
_KATA = {"S.runtimeClassName": "kata-vm-isolation"}
_ALL = "the pod tolerates every taint, those of other namespaces among them"
_WRONG = "the pod tolerates secure-aks/namespace otherwise than by the value app"
_PASSES = "which passes the scheduler and every taint"
_WRITE = (
    "write nodeSelector: {secure-aks/namespace: app-hostile} and tolerations: [{key: secure-aks/namespace, "
    "operator: Equal, value: app-hostile, effect: NoSchedule}]"
)
_HAS = "the namespace app-hostile has nodes of its own, and the pod"


def _tolerates(*tolerations: dict[str, Any]) -> dict[str, Any]:
    return {"S.tolerations": list(tolerations)}


def _own(**changes: Any) -> dict[str, Any]:
    return {key: value for key, value in {**_OWN, **changes}.items() if value is not None}


def _scheduled(status: str) -> dict[str, Any]:
    other = {"type": "Initialized", "status": "True"}
    return {"conditions": [other, {"type": "PodScheduled", "status": status}]}


NODES: dict[str, dict[str, Any]] = {
    "pod-own-nodes": {
        "passes": {
            "both": {**AT_HOME, **_KATA},
            "every effect": {**AT_HOME, **_KATA, **_tolerates(_own(effect=None, operator=None))},
            "every effect, by an empty one": {**AT_HOME, **_KATA, **_tolerates(_own(effect=""))},
            "neither, where there are none": {},
        },
        "fails": {
            "no selector": (
                {**AT_HOME, **_KATA, "S.nodeSelector": {"kubernetes.io/os": "linux"}},
                f"{_HAS} may land on others: it has no nodeSelector; {_WRITE}",
            ),
            "another's": (
                {**AT_HOME, **_KATA, "S.nodeSelector": {KEY: "app"}},
                f"{_HAS} asks for those of app; {_WRITE}",
            ),
            "a toleration of another value": (
                {**AT_HOME, **_KATA, **_tolerates(_own(value="app"))},
                f"{_HAS} does not tolerate their taint; {_WRITE}",
            ),
            "a toleration of every value": (
                {**AT_HOME, **_KATA, **_tolerates(_own(operator="Exists", value=None))},
                f"{_HAS} does not tolerate their taint; {_WRITE}",
            ),
            "a toleration of everything": (
                {**AT_HOME, **_KATA, **_tolerates({"operator": "Exists"})},
                f"{_HAS} does not tolerate their taint; {_WRITE}",
            ),
            "no tolerations": (
                {key: value for key, value in {**AT_HOME, **_KATA}.items() if key != "S.tolerations"},
                f"{_HAS} does not tolerate their taint; {_WRITE}",
            ),
            "no toleration": (
                {**AT_HOME, **_KATA, **_tolerates(_OTHER)},
                f"{_HAS} does not tolerate their taint; {_WRITE}",
            ),
            "a toleration of another effect": (
                {**AT_HOME, **_KATA, **_tolerates(_own(effect="NoExecute"))},
                f"{_HAS} does not tolerate their taint; {_WRITE}",
            ),
        },
    },
    "pod-foreign-nodes": {
        "passes": {
            "its own": {**AT_HOME, **_KATA},
            "another taint": _tolerates(_OTHER),
            "everything that evicts": _tolerates({"operator": "Exists", "effect": "NoExecute"}),
            "an empty operator": {**AT_HOME, **_KATA, **_tolerates(_own(operator=""))},
            "has been put on a node": {"S.nodeName": "aks-other-0", "status": _scheduled("True")},
            "another label": {"S.nodeSelector": {"kubernetes.io/os": "linux"}},
            "a namespace of its own, before the word": _tolerates(_own(value="app")),
        },
        "fails": {
            "another's": (_tolerates(_OTHER, _OWN), _WRONG),
            "any value": (_tolerates(_own(operator="Exists", value=None)), _WRONG),
            "any value, its own named": (_tolerates(_own(operator="Exists", value="app")), _WRONG),
            "no value": (_tolerates(_own(operator=None, value=None)), _WRONG),
            "every taint": (_tolerates({"operator": "Exists"}), _ALL),
            "every taint of its effect": (_tolerates({"operator": "Exists", "effect": "NoSchedule"}), _ALL),
            "every taint, by an empty key": (
                _tolerates({"key": "", "operator": "Exists", "effect": ""}),
                _ALL,
            ),
            "a node by name": (
                {"S.nodeName": "aks-hostile-0"},
                f"the pod names the node aks-hostile-0, {_PASSES}",
            ),
            "a node by name, where it is not yet": (
                {"S.nodeName": "aks-hostile-0", "status": _scheduled("False")},
                f"the pod names the node aks-hostile-0, {_PASSES}",
            ),
            "a node by name, with another condition": (
                {
                    "S.nodeName": "aks-hostile-0",
                    "status": {"conditions": [{"type": "Ready", "status": "True"}]},
                },
                f"the pod names the node aks-hostile-0, {_PASSES}",
            ),
            "another's label": (
                {"S.nodeSelector": {KEY: "app-hostile"}},
                "the pod asks for the nodes of app-hostile",
            ),
            "one's own, on any node": (
                {**AT_HOME, **_KATA, "S.nodeName": "aks-other-0"},
                f"the pod names the node aks-other-0, {_PASSES}",
            ),
        },
    },
}
