"""Objects as large as the API server takes them, that no rule has anything to say of."""

from typing import Any

from tests.security.build import config_map, container, mutate, namespace, pod, service
from tests.security.cases.others import account, gateway, ingress, volume

_LONG = "a line of settings\n" * 200


def _hosts(count: int) -> dict[str, Any]:
    backend = {"service": {"name": "a", "port": {"number": 80}}}
    path = {"path": "/", "pathType": "Prefix", "backend": backend}
    names = [f"h{number}.example.com" for number in range(count)]
    return {
        "spec.rules": [{"host": name, "http": {"paths": [path]}} for name in names],
        "spec.tls": [{"hosts": [name], "secretName": f"s-{name}"} for name in names],
    }


def _affinity(count: int) -> dict[str, Any]:
    terms = [{"key": f"k{number}", "operator": "In", "values": ["a"]} for number in range(count)]
    return {"nodeSelectorTerms": [{"matchExpressions": [term]} for term in terms]}


_LISTENER: dict[str, Any] = gateway()["spec"]["listeners"][0]
SIZES: dict[str, dict[str, Any]] = {
    "a ConfigMap of files": mutate(config_map(), {"data": {f"f{n}.conf": _LONG for n in range(200)}}),
    "a ConfigMap of words": mutate(config_map(), {"data": {f"KEY_{n}": "value-of-it" for n in range(8_000)}}),
    "a ConfigMap of bytes": mutate(config_map(), {"binaryData": {f"f{n}": "YWFh" * 1_000 for n in range(100)}}),
    "variables of texts": mutate(pod(), {"C.env": [{"name": f"V{n}", "value": _LONG} for n in range(200)]}),
    "variables of words": mutate(
        pod(), {"C.env": [{"name": f"MY_VARIABLE_{n}", "value": "value-of-it"} for n in range(8_000)]}
    ),
    "volumes": mutate(pod(), {"S.volumes": [{"name": f"v{n}", "emptyDir": {}} for n in range(4_000)]}),
    "containers": mutate(pod(), {"S.containers": [container(f"c{n}") for n in range(1_000)]}),
    "ports": mutate(pod(), {"C.ports": [{"containerPort": n + 1} for n in range(5_000)]}),
    "annotations": mutate(pod(), {"M.annotations": {f"a.io/k{n}": "v" for n in range(5_000)}}),
    "hosts": mutate(ingress(), _hosts(2_000)),
    "ports of a Service": mutate(service(), {"spec.ports": [{"name": f"p{n}", "port": n + 1} for n in range(5_000)]}),
    "ranges of a Service": mutate(
        service(),
        {
            "spec.type": "LoadBalancer",
            "spec.loadBalancerSourceRanges": [f"20.{n // 250}.{n % 250}.0/24" for n in range(5_000)],
            "M.annotations": {"service.beta.kubernetes.io/azure-load-balancer-internal": "true"},
        },
    ),
    "Secrets of an account": mutate(account(), {"imagePullSecrets": [{"name": f"s{n}"} for n in range(5_000)]}),
    "where a volume is": mutate(volume(), {"spec.nodeAffinity": {"required": _affinity(3_000)}}),
    "listeners": mutate(
        gateway(),
        {"spec.listeners": [{**_LISTENER, "name": f"l{n}", "hostname": f"h{n}.example.com"} for n in range(64)]},
    ),
    "labels": mutate(
        namespace(),
        {"M.labels": {**namespace()["metadata"]["labels"], **{f"a.io/k{n}": "v" for n in range(5_000)}}},
    ),
}  # fmt: skip
