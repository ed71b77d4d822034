"""The kured chart 6.1.0 in Python: what its templates make of values, object by object and argument by argument.

A chart is fetched over the network, which tests do without. Whoever raises the chart's version compares again, with a
helm and the chart at hand: `python -m tests.nodes.compare_chart CHART` renders both and prints every difference.
"""

from typing import Any

VERSION, APP_VERSION = "6.1.0", "1.23.0"
NAME = "kured"
DEFAULTS: dict[str, Any] = {
    "metricsPort": 8080,
    "lockTtl": 0,
    "drainDelay": 0,
    "rebootSentinel": "/var/run/reboot-required",
    "rebootCommand": "/bin/systemctl reboot",
    "lockReleaseDelay": 0,
    "logFormat": "text",
    "concurrency": 1,
}
"""The chart's own values under `configuration` that are not empty."""
OPTIONS = (
    "metricsPort", "lockTtl", "lockReleaseDelay", "alertFilterRegexp", "alertFiringOnly", "alertFilterMatchOnly",
    "blockingPodSelector", "endTime", "period", "forceReboot", "drainGracePeriod", "drainDelay", "drainTimeout",
    "skipWaitForDeleteTimeout", "prometheusUrl", "rebootDays", "preRebootNodeLabels", "postRebootNodeLabels",
    "rebootSentinel", "rebootCommand", "rebootMethod", "notifyUrl", "startTime", "timeZone", "annotateNodes",
    "preferNoScheduleTaint", "logFormat", "concurrency",
)  # fmt: skip
"""Keys of `configuration`, in the order in which the template makes arguments of them."""
_TOP = {
    "configuration", "containerSecurityContext", "extraEnvVars", "priorityClassName", "resources", "rbac", "metrics",
    "service", "nodeSelector", "tolerations",
}  # fmt: skip
_SELECTOR = {"app.kubernetes.io/name": NAME, "app.kubernetes.io/instance": NAME}
_LABELS = _SELECTOR | {"helm.sh/chart": f"kured-{VERSION}", "app.kubernetes.io/managed-by": "Helm"}
_PROBE = {
    "httpGet": {"path": "/metrics", "port": "metrics", "scheme": "HTTP"},
    "initialDelaySeconds": 10,
    "periodSeconds": 30,
    "timeoutSeconds": 5,
    "successThreshold": 1,
    "failureThreshold": 5,
}


def render(values: dict[str, Any], namespace: str = NAME) -> list[dict[str, Any]]:
    """Return the objects of a release named kured. A value that the chart does not know is an error here."""
    unknown = (values.keys() - _TOP) | (values["configuration"].keys() - set(OPTIONS))
    if unknown:
        raise ValueError(f"the chart has no such values: {sorted(unknown)}")
    if values["rbac"]["create"]:
        raise ValueError("the chart's own roles are not written here")
    here = {"name": NAME, "namespace": namespace, "labels": _LABELS}
    objects = [
        {"apiVersion": "v1", "kind": "ServiceAccount", "metadata": here},
        _daemon_set(values, here),
    ]
    metrics = values["metrics"]
    if values["service"]["create"] or metrics["create"]:
        ports = [{"name": "metrics", "port": 8080, "targetPort": 8080}]
        spec = {"type": "ClusterIP", "ports": ports, "selector": _SELECTOR}
        objects.append({"apiVersion": "v1", "kind": "Service", "metadata": here, "spec": spec})
    if metrics["create"]:
        endpoint = {
            "interval": "60s",
            "honorLabels": True,
            "port": "metrics",
            "path": "/metrics",
            "scheme": "http",
        }
        spec = {
            "endpoints": [endpoint],
            "jobLabel": NAME,
            "selector": {"matchLabels": _SELECTOR},
            "namespaceSelector": {"matchNames": [namespace]},
        }
        metadata = {"name": NAME, "labels": _LABELS | metrics["labels"]}
        objects.append(
            {
                "apiVersion": "monitoring.coreos.com/v1",
                "kind": "ServiceMonitor",
                "metadata": metadata,
                "spec": spec,
            }
        )
    return objects


def arguments(configuration: dict[str, Any], namespace: str = NAME) -> list[str]:
    """Return kured's arguments. A template's `if` leaves out what is empty, 0 or false."""
    given = DEFAULTS | configuration
    found = [f"--ds-name={NAME}", f"--ds-namespace={namespace}"]
    for key in OPTIONS:
        flag = "--" + "".join(f"-{letter.lower()}" if letter.isupper() else letter for letter in key)
        value = given.get(key)
        if key == "rebootSentinel":
            found.append(f"{flag}=/sentinel/{str(value).rpartition('/')[2]}")
        elif isinstance(value, list):
            found += [f"{flag}={item}" for item in value]
        elif key == "forceReboot" and value:
            found.append(flag)
        elif value:
            found.append(f"{flag}={str(value).lower() if isinstance(value, bool) else value}")
    return found


def _daemon_set(values: dict[str, Any], here: dict[str, Any]) -> dict[str, Any]:
    node_name = {"name": "KURED_NODE_ID", "valueFrom": {"fieldRef": {"fieldPath": "spec.nodeName"}}}
    container = {
        "name": NAME,
        "image": f"ghcr.io/kubereboot/kured:{APP_VERSION}",
        "imagePullPolicy": "IfNotPresent",
        "securityContext": values["containerSecurityContext"],
        "resources": values["resources"],
        "command": ["/usr/bin/kured"],
        "args": arguments(values["configuration"], here["namespace"]),
        "volumeMounts": [{"mountPath": "/sentinel", "name": "sentinel", "readOnly": True}],
        "ports": [{"containerPort": 8080, "name": "metrics"}],
        "env": [node_name, *values["extraEnvVars"]],
        "livenessProbe": _PROBE,
        "readinessProbe": _PROBE,
    }
    pod = {
        "serviceAccountName": NAME,
        "hostNetwork": False,
        "hostPID": True,
        "restartPolicy": "Always",
        "priorityClassName": values["priorityClassName"],
        "containers": [container],
        "tolerations": values["tolerations"],
        "nodeSelector": values["nodeSelector"],
        "volumes": [{"name": "sentinel", "hostPath": {"path": "/var/run", "type": "Directory"}}],
    }
    spec = {
        "revisionHistoryLimit": 10,
        "updateStrategy": {"type": "RollingUpdate", "rollingUpdate": {"maxUnavailable": 1}},
        "selector": {"matchLabels": _SELECTOR},
        "template": {"metadata": {"labels": _LABELS}, "spec": pod},
    }
    return {"apiVersion": "apps/v1", "kind": "DaemonSet", "metadata": here, "spec": spec}
