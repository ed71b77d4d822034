"""Asking Azure about clusters, read-only: which there are, what each runs, what each may be upgraded to.

The login is that of `azure-identity` (Azure CLI, managed identity, workload identity, environment); the role "Reader" is
enough, and no request but GET leaves this module, nor one to another host than the first. The SDK tries again, with growing waits or as Retry-After says, what is
busy, throttled or fails by itself (408, 409, 429, 5xx, time-outs, lost connections); a refusal is final.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar
from urllib.parse import urlsplit

from azure.core import AzureClouds
from azure.core.exceptions import AzureError as SdkError
from azure.core.exceptions import ClientAuthenticationError, ServiceRequestError, ServiceResponseError
from azure.core.pipeline.policies import SansIOHTTPPolicy
from azure.core.rest import HttpRequest
from azure.mgmt.containerservice import ContainerServiceClient
from secure_aks_lifecycle.facts.reach import why

from settings.facts.clouds import PUBLIC, cloud_of
from upgrades.observe.errors import AzureError
from upgrades.observe.pages import PROXY, EndlessError, pages

from .login import NoLoginError, login
from .patience import Patience
from .values import resource_id, with_pools

if TYPE_CHECKING:
    from collections.abc import Callable


Json = dict[str, Any]
T = TypeVar("T")
_PORTS = {"https": 443, "http": 80}


class Azure:
    """One subscription, read through the SDK at the endpoint of the SDK's own cloud setting. Every method raises AzureError."""

    def __init__(self, subscription: str, *, timeout: float = 60, location: str = "", **options: Any) -> None:
        """Take the subscription's id; `timeout` is how many seconds an answer may take, `options` go to the SDK's client.

        `location` is a region of the cloud that is asked, where it is one of a country; else the environment says which.
        """
        cloud = cloud_of(location)
        elsewhere = {} if cloud.name == PUBLIC else {"cloud_setting": AzureClouds[cloud.sdk]}
        given: Json = {
            "credential": login(cloud.authority if elsewhere else None),
            **elsewhere,
            "connection_timeout": 5,
            "read_timeout": timeout,
            "retry_policy": Patience(),
            "per_retry_policies": [_Guard()],
            **options,
        }
        client: Any = ContainerServiceClient  # its models carry no types that say what is optional
        self.subscription = subscription
        self.client: Any = client(subscription_id=subscription, **given)

    def clusters(self, resource_group: str | None = None) -> list[Json]:
        """Return the clusters of the subscription, or of one resource group, as ARM writes them."""
        clusters = self.client.managed_clusters
        return _all(
            lambda: clusters.list_by_resource_group(resource_group) if resource_group else clusters.list()
        )

    def cluster(self, group: str, name: str) -> Json:
        """Return one cluster."""
        return asked(lambda: _json(self.client.managed_clusters.get(group, name)))

    def pool(self, group: str, name: str, pool: str) -> Json:
        """Return one pool of a cluster."""
        return asked(lambda: _json(self.client.agent_pools.get(group, name, pool)))

    def pools(self, group: str, name: str) -> list[Json]:
        """Return a cluster's pools, each as a resource of its own."""
        return _all(lambda: self.client.agent_pools.list(group, name))

    def whole_cluster(self, cluster_id: str) -> Json:
        """Return one cluster with its pools as they are now. Raises ValueError when the id is not that of a cluster."""
        names = resource_id(cluster_id)
        group, name = names["resourcegroups"], names["managedclusters"]
        return with_pools(self.cluster(group, name), self.pools(group, name))

    def upgrade_profile(self, group: str, name: str) -> Json:
        """Return what the control plane may be upgraded to."""
        return asked(lambda: _json(self.client.managed_clusters.get_upgrade_profile(group, name)))

    def pool_upgrade_profile(self, group: str, name: str, pool: str) -> Json:
        """Return what a pool may be upgraded to, and its newest node image."""
        return asked(lambda: _json(self.client.agent_pools.get_upgrade_profile(group, name, pool)))

    def kubernetes_versions(self, location: str) -> Json:
        """Return the versions that a region offers."""
        return asked(lambda: _json(self.client.managed_clusters.list_kubernetes_versions(location)))

    def listed(self, path: str, api_version: str, **query: str) -> list[Json]:
        """Return a list of another resource provider, page by page; a path without a scope is one of the subscription."""
        url = path if path.startswith("/") else f"/subscriptions/{self.subscription}/providers/{path}"

        def page(link: str) -> tuple[Json, str]:
            first = None if link else {"api-version": api_version, **query}
            response = self.client.send_request(HttpRequest("GET", link or url, params=first))
            response.raise_for_status()
            answer: Json = response.json()
            return answer, str(answer.get("nextLink") or "")

        return asked(lambda: [item for one in pages("", page) for item in one.get("value") or ()])


def asked(ask: Callable[[], T]) -> T:
    """Return what the SDK answers. Raises AzureError, in one line, for whatever it raises."""
    try:
        return ask()
    except NoLoginError as error:
        raise AzureError(_line(error)) from None
    except ClientAuthenticationError as error:
        raise AzureError(
            f"Azure answered {error.status_code}: {_line(error)}; log in anew: az login"
        ) from None
    except (ServiceRequestError, ServiceResponseError) as error:
        raise AzureError(
            f"Azure cannot be reached: {why(error)}; is the network (or its proxy) up?"
        ) from None
    except EndlessError as error:
        raise AzureError(f"Azure's answer cannot be read: {error}") from None
    except SdkError as error:
        status = getattr(error, "status_code", None)
        raise AzureError(f"Azure answered {status}: {_line(error)}" if status else _line(error)) from None
    except (ValueError, TypeError, AttributeError, KeyError) as error:
        raise AzureError(f"Azure's answer cannot be read: {_line(error)}") from None


def _all(ask: Callable[[], Any]) -> list[Json]:
    """Return a list that the SDK reads page by page, which asks for as many as it is sent on to."""

    def page(link: str) -> tuple[Json, str]:
        one = paged.by_page(link or None)
        items = list(next(one))
        return {"value": items}, str(one.continuation_token or "")

    paged = ask()
    return asked(lambda: [_json(item) for one in pages("", page) for item in one["value"]])


class _Guard(SansIOHTTPPolicy[Any, Any]):
    """Lets nothing but GET out, and that to one host and those below it, as Azure Resource Manager's of a region are.

    The SDK itself would register a resource provider where one is missing, and follow a page's link, with the login, to
    wherever it leads.
    """

    def __init__(self) -> None:
        self._host = ""
        self._door: tuple[str, int | None] | None = None

    def on_request(self, request: Any) -> None:
        """Refuse a request that would change something, or whose host is not that of the first."""
        if request.http_request.method != "GET":
            raise SdkError(
                "a check changes nothing, and the subscription lacks a registered resource provider"
            )
        url = urlsplit(str(request.http_request.url))
        host, door = f".{url.hostname}", (url.scheme, url.port or _PORTS.get(url.scheme))
        self._host, self._door = self._host or host, self._door or door
        if door != self._door or not host.endswith(self._host):
            raise SdkError(
                f"Azure sends on to another host, {url.hostname!r}, where the login does not go; {PROXY}"
            )


def _json(answer: Any) -> Json:
    return answer.as_dict()


def _line(error: Exception) -> str:
    told = getattr(error, "error", None)  # what ARM wrote, when it wrote it as it should
    if told is not None and getattr(told, "message", None):
        text = f"{told.code}: {told.message}" if told.code else str(told.message)
    else:
        text = str(getattr(error, "message", None) or error).strip()
    return text.splitlines()[0] if text else type(error).__name__
