"""Azure's clouds: which hosts are asked for a stack in the region of one, and whose Entra gives the token."""

import httpx
import pytest

from settings.facts.clouds import clouds
from upgrades.observe import prometheus
from upgrades.observe.azure import login as logins
from upgrades.observe.azure.reader import Azure
from upgrades.observe.prometheus import Source, firing


class Credential:
    """Takes note of what it is asked for."""

    def __init__(self, asked, **options):
        self.asked, self.options = asked, options

    def get_token(self, *scopes, **_):
        self.asked.append((self.options.get("authority"), *scopes))
        return type("Token", (), {"token": "t", "expires_on": 2**31})()


@pytest.fixture
def asked(monkeypatch):
    """What credentials are asked for: the authority (None: azure-identity's own) and the scopes."""
    found = []
    logins._login.cache_clear()  # one login a process
    monkeypatch.setattr(
        "azure.identity.DefaultAzureCredential", lambda **options: Credential(found, **options)
    )
    yield found
    logins._login.cache_clear()


@pytest.mark.parametrize(
    ("location", "host", "authority"),
    [
        ("westeurope", "management.azure.com", None),
        ("", "management.azure.com", None),
        ("usgovvirginia", "management.usgovcloudapi.net", "login.microsoftonline.us"),
        ("chinanorth3", "management.chinacloudapi.cn", "login.chinacloudapi.cn"),
    ],
)
def test_arm_is_that_of_the_region(asked, location, host, authority):
    reached = []

    def send(request, **_):
        reached.append(httpx.URL(request.http_request.url).host)
        raise RuntimeError("that is far enough")

    azure = Azure("11111111-2222-3333-4444-555555555555", location=location)
    last = azure.client._client._pipeline._impl_policies[-1]  # before the network
    last.next = type("Network", (), {"send": staticmethod(send)})()
    with pytest.raises(RuntimeError):
        azure.cluster("rg", "aks")

    assert reached == [host]
    [(asked_of, scope)] = asked
    assert asked_of == authority
    assert scope.startswith("https://management.")
    assert scope.endswith("/.default")
    assert ("azure.com" in scope) == (authority is None)


@pytest.mark.parametrize("cloud", clouds())
def test_a_prometheus_of_azures_gets_a_token_of_its_cloud(asked, monkeypatch, cloud):
    facts = clouds()[cloud]
    sent = []

    def get(url, headers, **_):
        sent.append(headers)
        return httpx.Response(200, text='{"data": {"alerts": []}}', request=httpx.Request("GET", url))

    monkeypatch.setattr(prometheus.httpx, "get", get)
    host = facts.prometheus.removeprefix("https://")
    assert firing(Source(f"https://metrics.region.{host}"), reader=None) == []  # pyright: ignore[reportArgumentType]
    assert asked == [(None if cloud == "public" else facts.authority, f"{facts.prometheus}/.default")]
    assert sent == [{"Authorization": "Bearer t"}]
