"""Managed Grafana: how it is made, what it may read, and who has which role in it."""

import pytest

from components.grafana import Grafana, GrafanaArgs
from components.parts.azure_role import GRAFANA_ADMIN, GRAFANA_EDITOR, GRAFANA_VIEWER, MONITORING_DATA_READER
from emulator.cloud.cloud import Cloud
from settings.sections.features.grafana import Grafana as Said
from tests.asked.keys import FOLDER, config
from tests.asked.life import OnArm, program, stand_there
from tests.components.helpers import SUBSCRIPTION, run
from tests.emulator.azure_provider import Azure

METRICS = f"{SUBSCRIPTION}/resourceGroups/watch/providers/Microsoft.Monitor/accounts/metrics"


def register(*, protect=None, **said):
    given = Said.model_validate({"name": "pictures", "viewers": [{"name": "lookers"}], **said})
    args = GrafanaArgs("rg", given, METRICS, "westeurope", {"a": "b"}, protect)
    return run(lambda: Grafana("grafana", args) and None)


def test_it_has_no_keys_and_no_public_address():
    properties = register().one("dashboard:Grafana").inputs["properties"]
    assert (properties["apiKey"], properties["publicNetworkAccess"]) == ("Disabled", "Disabled")


def test_a_public_address_is_by_word_alone():
    properties = register(publicAccess=True).one("dashboard:Grafana").inputs["properties"]
    assert (properties["apiKey"], properties["publicNetworkAccess"]) == ("Disabled", "Enabled")


def test_the_dashboards_are_protected_when_told():
    assert register(protect=True).one("dashboard:Grafana").request.protect
    assert not register().one("dashboard:Grafana").request.protect


@pytest.fixture(scope="module")
def features():
    said, azure = config(FOLDER / "features.yaml"), Azure(Cloud())
    stand_there(azure, said)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SECURE_AKS_CLOCK", "2026-11-23")
        return program(said, "features", OnArm(azure)), azure


def test_each_group_has_its_role_in_this_grafana_alone(features):
    done, azure = features
    made = azure.cloud.view().of_type("Microsoft.Dashboard/grafana")[0]
    roles = {
        one.name: one.inputs["roleDefinitionId"].rpartition("/")[2]
        for one in done.of(":RoleAssignment")
        if one.inputs["scope"] == made.id
    }
    assert roles == {
        "grafana-aks-features-pictures-admins": GRAFANA_ADMIN,
        "grafana-aks-features-pictures-editors": GRAFANA_EDITOR,
        "grafana-aks-features-pictures-viewers": GRAFANA_VIEWER,
    }


def test_it_reads_the_workspace_by_its_own_identity(features):
    done, azure = features
    made = azure.cloud.view().of_type("Microsoft.Dashboard/grafana")[0]
    [reads] = [one for one in done.of(":RoleAssignment") if one.name == "grafana-reads"]

    assert reads.inputs["roleDefinitionId"].endswith(MONITORING_DATA_READER)
    assert reads.inputs["principalId"] == made.properties["identity"]["principalId"]
    integrations = made.properties["properties"]["grafanaIntegrations"]["azureMonitorWorkspaceIntegrations"]
    assert [one["azureMonitorWorkspaceResourceId"] for one in integrations] == [reads.inputs["scope"]]
