"""Azure's clouds: the one setting that says which, what is of another, and what is not offered."""

import pytest

from components.parts.kubeconfig import ENVIRONMENTS
from settings.checks.cluster import cloud as checks
from settings.checks.draft import Context
from settings.facts.clouds import cloud_of, clouds
from settings.facts.data_files import regions
from settings.reading.clusters import with_clusters
from tests.settings.helpers import TODAY, stack

ZONE = "/subscriptions/11111111-2222-3333-4444-555555555555/resourceGroups/g/providers/Microsoft.Network/privateDnsZones/privatelink.{}"
GROUP = ZONE.partition("/providers/")[0]
KEY = "https://kv-aks.{}/keys/etcd/0123456789abcdef0123456789abcdef"
BACKUP = {
    "vaultGroup": "vaults",
    "snapshotGroup": "snapshots",
    "storageAccount": f"{GROUP}/providers/Microsoft.Storage/storageAccounts/backups",
    "container": "aks",
}
METRICS = {"workspace": f"{GROUP}/providers/Microsoft.Monitor/accounts/metrics"}
GRAFANA = {"name": "pictures", "viewers": [{"name": "lookers"}]}


def found(location, environment=None, changes=None):
    """The findings about the cloud, of a stack in a region."""
    config = {"azure-native:location": location}
    if environment is not None:
        config["azure-native:environment"] = environment
    context = Context("prod", TODAY, frozenset({"dev", "staging", "prod"}))
    settings, wrong = with_clusters(stack({"environment": "dev", **(changes or {})}), config, context)
    assert (settings is None) == bool(wrong)
    return {
        (one.path.removeprefix("secure-aks:"), one.remedy) for one in wrong if one.rule != "environment-name"
    }


def paths(*args):
    return {path for path, _ in found(*args)}


@pytest.mark.parametrize(
    ("location", "cloud"),
    [
        ("westeurope", "public"),
        ("usgovvirginia", "usgovernment"),
        ("usdodeast", "usgovernment"),
        ("chinanorth3", "china"),
    ],
)
def test_the_region_tells_the_cloud_and_the_provider_asks_it(location, cloud):
    assert cloud_of(location).name == cloud
    assert "azure-native:environment" not in paths(location, cloud)
    others = [one for one in clouds() if one != cloud]
    for other in others:
        remedy = "remove the key" if cloud == "public" else f"write `azure-native:environment: {cloud}`"
        assert ("azure-native:environment", remedy) in found(location, other)


def test_a_stack_that_says_nothing_is_in_the_public_cloud():
    assert found("westeurope") == set()
    assert found("usgovvirginia") >= {
        ("azure-native:environment", "write `azure-native:environment: usgovernment`")
    }


@pytest.mark.parametrize("said", ["AzureUSGovernment", "", 1, True, [], {"a": 1}])
def test_a_cloud_that_there_is_not_is_refused(said):
    assert "azure-native:environment" in paths("usgovvirginia", said)


def test_every_region_is_in_one_cloud():
    for name in regions().names:
        assert sum(name.startswith(one.regions) for one in clouds().values()) <= 1


@pytest.mark.parametrize("cloud", clouds())
def test_keys_and_zones_are_those_of_the_cloud(cloud):
    location = {"public": "westeurope", "usgovernment": "usgovvirginia", "china": "chinanorth3"}[cloud]
    for other, facts in clouds().items():
        key = {
            "id": KEY.format(facts.vaults),
            "vault": f"{GROUP}/providers/Microsoft.KeyVault/vaults/kv-aks",
            "vaultNetwork": "Public",
        }
        zone = ZONE.format(f"{location}.{facts.api_servers}")
        said = {
            "cluster.encryption": {"etcd": key},
            "cluster.apiServer": {"access": "private", "privateDnsZone": zone},
        }
        refused = {"cluster.encryption.etcd.id", "cluster.apiServer.privateDnsZone"} & paths(
            location, cloud, said
        )
        assert bool(refused) == (other != cloud)
        assert len(refused) in {0, 2}


@pytest.mark.parametrize(("location", "cloud"), [("usgovvirginia", "usgovernment"), ("chinanorth3", "china")])
def test_what_is_not_offered_is_refused_by_name_and_what_is_advised_is_taken(location, cloud):
    monitoring = {"prometheus": METRICS, "grafana": GRAFANA}
    said = {"cluster.backup": BACKUP, "cluster.monitoring": monitoring}
    assert found(location, cloud, said) >= {
        ("cluster.backup.vaultDays", "write `vaultDays: null`"),
        ("cluster.monitoring.grafana", "remove `grafana`, or write `publicAccess: true` below it"),
    }
    assert not {"cluster.backup.vaultDays", "cluster.monitoring.grafana"} & paths("westeurope", None, said)
    advised = {
        "cluster.backup": BACKUP | {"vaultDays": None},
        "cluster.monitoring": {"prometheus": METRICS, "grafana": GRAFANA | {"publicAccess": True}},
    }
    assert not {"cluster.backup.vaultDays", "cluster.monitoring.grafana"} & paths(location, cloud, advised)


def test_all_that_a_cloud_does_not_offer_is_looked_for():
    told = {path for one in clouds().values() for path in one.not_offered}
    assert told == set(checks.NOT_OFFERED)


def test_the_librarys_kubeconfig_knows_the_same_clouds():
    assert {cloud.api_servers: cloud.kubelogin for cloud in clouds().values()} == ENVIRONMENTS
