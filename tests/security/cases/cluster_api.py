"""Cases of the rules about what stands between a client and the API server or a Service: APIServices, webhooks, endpoints."""

from typing import Any

from tests.security.build import DELETE


def api_service() -> dict[str, Any]:
    """An APIService that no rule refuses."""
    spec = {
        "group": "shop.example.com",
        "version": "v1",
        "groupPriorityMinimum": 1000,
        "versionPriority": 10,
        "caBundle": "eA==",
        "service": {"namespace": "shop-api", "name": "api"},
    }
    return {
        "apiVersion": "apiregistration.k8s.io/v1",
        "kind": "APIService",
        "metadata": {"name": "v1.shop.example.com"},
        "spec": spec,
    }


def _group(name: str) -> dict[str, Any]:
    """An APIService of a version that the API server has none of."""
    return {"spec.group": name, "spec.version": "v9", "metadata.name": f"v9.{name}"}


def webhooks() -> dict[str, Any]:
    """A ValidatingWebhookConfiguration that no rule refuses."""
    one = {
        "name": "check.example.com",
        "sideEffects": "None",
        "admissionReviewVersions": ["v1"],
        "clientConfig": {"service": {"namespace": "cert-manager", "name": "webhook"}},
    }
    return {
        "apiVersion": "admissionregistration.k8s.io/v1",
        "kind": "ValidatingWebhookConfiguration",
        "metadata": {"name": "check"},
        "webhooks": [one],
    }


def endpoint_slice() -> dict[str, Any]:
    """An EndpointSlice that no rule refuses: a database outside the cluster."""
    return {
        "apiVersion": "discovery.k8s.io/v1",
        "kind": "EndpointSlice",
        "metadata": {"name": "db", "namespace": "app", "labels": {"kubernetes.io/service-name": "db"}},
        "addressType": "IPv4",
        "endpoints": [{"addresses": ["10.1.2.3"]}],
    }


def endpoints() -> dict[str, Any]:
    """Endpoints that no rule refuses."""
    return {
        "apiVersion": "v1",
        "kind": "Endpoints",
        "metadata": {"name": "db", "namespace": "app"},
        "subsets": [{"addresses": [{"ip": "10.1.2.3"}]}],
    }


_CLIENT = "webhooks[0].clientConfig"
_URL = "https://hooks.example.com/check"
HAPPY = api_service
CASES: dict[str, dict[str, Any]] = {
    "api-service-group": {
        "passes": {
            "of the API server itself": {**_group("apps"), "spec.service": DELETE, "spec.caBundle": DELETE},
            "metrics": _group("metrics.k8s.io"),
            "metrics of one's own": _group("custom.metrics.k8s.io"),
            "metrics of elsewhere": _group("external.metrics.k8s.io"),
            "of a project of Kubernetes'": _group("visibility.kueue.x-k8s.io"),
        },
        "fails": {
            name: (_group(name), f'APIService "v9.{name}" takes over a group of the API')
            for name in ("apps", "rbac.authorization.k8s.io", "authentication.k8s.io", "batch")
        },
    },
    "api-service-of-team": {
        "passes": {
            "of the API server itself": {"spec.service": DELETE, "spec.caBundle": DELETE},
        },
        "fails": {
            "a team's": (
                {"spec.service.namespace": "app"},
                'APIService "v1.shop.example.com" is served by pods of the team in app',
            ),
        },
    },
    "webhook-outside": {
        "passes": {
            "a Service": {"from": webhooks},
            "one that changes": {"from": webhooks, "kind": "MutatingWebhookConfiguration"},
            "none": {"from": webhooks, "webhooks": DELETE},
            "nobody asked": {"from": webhooks, _CLIENT: DELETE},
        },
        "fails": {
            f"{kind} by URL": (
                {"from": webhooks, "kind": kind, _CLIENT: {"url": _URL}},
                f'{kind} "check" sends what is written in the cluster to {_URL}',
            )
            for kind in ("ValidatingWebhookConfiguration", "MutatingWebhookConfiguration")
        },
    },
    "webhook-of-team": {
        "passes": {
            "a controller's": {"from": webhooks},
            "none": {"from": webhooks, "webhooks": []},
            "nobody asked": {"from": webhooks, _CLIENT: DELETE},
            "no Service": {"from": webhooks, _CLIENT: {"url": _URL}},
            "a Service of no namespace": {"from": webhooks, f"{_CLIENT}.service": {"name": "webhook"}},
        },
        "fails": {
            f"{kind} of a team": (
                {"from": webhooks, "kind": kind, f"{_CLIENT}.service.namespace": "app"},
                f'{kind} "check" asks pods of the team in app',
            )
            for kind in ("ValidatingWebhookConfiguration", "MutatingWebhookConfiguration")
        },
    },
    "endpoint-pods": {
        "passes": {
            "of a database": {"from": endpoint_slice},
            "of Endpoints": {"from": endpoints},
            "no endpoints": {"from": endpoint_slice, "endpoints": None},
            "no subsets": {"from": endpoints, "subsets": DELETE},
            "a range beside": {"from": endpoint_slice, "endpoints": [{"addresses": ["10.244.128.1"]}]},
            "where nobody knows the ranges": {
                "from": endpoint_slice,
                "facts": {"clusterRanges": []},
                "endpoints": [{"addresses": ["10.244.1.2"]}],
            },
        },
        "fails": {
            address: (
                {
                    "from": endpoint_slice,
                    "endpoints": [{"addresses": ["10.1.2.3"]}, {"addresses": ["10.1.2.4", address]}],
                },
                f'EndpointSlice "db" leads to {address}, an address of a pod or a Service',
            )
            for address in ("10.244.1.2", "10.244.127.255", "10.0.0.1")
        }
        | {
            f"{key} of Endpoints": (
                {"from": endpoints, "subsets": [{key: [{"ip": "10.244.1.2"}]}]},
                'Endpoints "db" leads to 10.244.1.2, an address of a pod or a Service',
            )
            for key in ("addresses", "notReadyAddresses")
        },
    },
    "endpoint-addresses": {
        "passes": {
            "of a database": {"from": endpoint_slice},
            "of Endpoints": {"from": endpoints},
            "no endpoints": {"from": endpoint_slice, "endpoints": []},
            "endpoints of nothing": {"from": endpoint_slice, "endpoints": DELETE},
            "endpoints of null": {"from": endpoint_slice, "endpoints": None},
            "an endpoint of nothing": {"from": endpoint_slice, "endpoints": [{}]},
            "a subset of nothing": {"from": endpoints, "subsets": [{}]},
            "no subsets": {"from": endpoints, "subsets": DELETE},
            "a host": {
                "from": endpoint_slice,
                "addressType": "FQDN",
                "endpoints": [{"addresses": ["db.example.com"]}],
            },
            "IPv6": {
                "from": endpoint_slice,
                "addressType": "IPv6",
                "endpoints": [{"addresses": ["fd00::1"]}],
            },
        },
        "fails": {
            address: (
                {
                    "from": endpoint_slice,
                    "addressType": kind,
                    "endpoints": [{"addresses": ["10.1.2.3"]}, {"addresses": [address]}],
                },
                f'EndpointSlice "db" leads to {address}',
            )
            for kind, addresses in {
                "IPv4": ("168.63.129.16", "169.254.169.254", "127.0.0.1"),
                "IPv6": ("::1", "fe80::1", "::ffff:168.63.129.16", "::ffff:a9fe:a9fe"),
                "FQDN": ("localhost", "app.localhost", "metadata.azure.internal"),
            }.items()
            for address in addresses
        }
        | {
            "one of several": (
                {
                    "from": endpoint_slice,
                    "endpoints": [{"addresses": ["10.1.2.3", "168.63.129.16", "10.1.2.4"]}],
                },
                'EndpointSlice "db" leads to 168.63.129.16',
            )
        }
        | {
            f"{key} of Endpoints": (
                {"from": endpoints, "subsets": [{key: [{"ip": "168.63.129.16"}]}]},
                'Endpoints "db" leads to 168.63.129.16',
            )
            for key in ("addresses", "notReadyAddresses")
        },
    },
}
