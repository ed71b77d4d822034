"""Who is told of alerts: what is made of the contacts, what goes to them, and what a preview says."""

import json
import re

import pulumi
import pytest

from components.contacts import AlertContactsArgs, action_groups
from components.health_alert import HealthAlert, HealthAlertArgs
from components.program.contacts import check_contacts
from emulator.cloud.cloud import Cloud
from settings.sections.features.monitoring import Contacts
from tests.asked.keys import FOLDER, config
from tests.asked.life import OnArm, program, stand_there
from tests.components.helpers import SUBSCRIPTION, run
from tests.emulator.azure_provider import Azure
from tests.settings.helpers import GONE, good

DUTY = f"{SUBSCRIPTION}/resourceGroups/shared/providers/Microsoft.Insights/actionGroups/duty"
CONTACTS = "cluster.monitoring.contacts"
CLUSTER = f"{SUBSCRIPTION}/resourceGroups/rg/providers/Microsoft.ContainerService/managedClusters/aks"


def register(**contacts):
    args = AlertContactsArgs("rg", "aks-payments-prod", Contacts.model_validate(contacts), {"a": "b"})
    found: list[pulumi.Input[str]] = []
    done = run(lambda: found.extend(action_groups(args)))
    return done, found


def test_addresses_are_an_action_group_of_the_stack():
    done, found = register(emails=["second@contoso.com", "first@contoso.com"])
    made = done.one(":ActionGroup").inputs

    assert (made["actionGroupName"], made["location"]) == ("ag-aks-payments-prod", "Global")
    assert made["groupShortName"] == "aks-payments"
    assert [one["emailAddress"] for one in made["emailReceivers"]] == [
        "first@contoso.com",
        "second@contoso.com",
    ]
    assert len({one["name"] for one in made["emailReceivers"]}) == 2
    assert len(found) == 1


def test_a_group_that_exists_is_taken_alone_or_beside_addresses():
    done, found = register(action_group=DUTY)
    assert (found, done.of(":ActionGroup")) == ([DUTY], [])

    _, both = register(action_group=DUTY, emails=["first@contoso.com"])
    assert (both[0], len(both)) == (DUTY, 2)


def test_the_alert_of_the_clusters_health_goes_to_all_of_them():
    args = HealthAlertArgs("rg", "aks-payments-prod", CLUSTER, [DUTY, f"{DUTY}-2"], {"a": "b"})
    made = run(lambda: HealthAlert("health", args)).one(":ActivityLogAlert").inputs

    assert (made["activityLogAlertName"], made["location"]) == ("aks-payments-prod-health", "Global")
    assert made["scopes"] == [CLUSTER]
    category, unwell = made["condition"]["allOf"]
    assert category == {"field": "category", "equals": "ResourceHealth"}
    assert {one["equals"] for one in unwell["anyOf"]} == {"Degraded", "Unavailable"}
    assert [one["actionGroupId"] for one in made["actions"]["actionGroups"]] == [DUTY, f"{DUTY}-2"]


@pytest.fixture
def told(monkeypatch):
    said: list[str] = []
    monkeypatch.setattr(pulumi.log, "info", lambda text, *_: said.append(text))
    return said


def test_without_contacts_nothing_is_told(told):
    check_contacts(good({"environment": "dev", "cluster.monitoring": GONE}))
    assert told == []


def test_defenders_contact_is_told_with_commands_that_set_it(told):
    check_contacts(good({CONTACTS: {"emails": ["b@contoso.com", "a@contoso.com"]}}))
    [line] = told
    assert "the security contact of the subscription, which all in it share" in line
    body = re.search(r"--body '(.*)'", line)
    assert body
    assert json.loads(body[1])["properties"]["emails"] == "a@contoso.com;b@contoso.com"


def test_the_program_wires_the_alert_to_the_contacts_and_tells(told):
    said, azure = config(FOLDER / "inside.yaml"), Azure(Cloud())
    stand_there(azure, said)
    done = program(said, "inside", OnArm(azure))
    [rule] = done.one(":PrometheusRuleGroup").inputs["rules"]

    assert rule["actions"][0]["actionGroupId"].endswith("/actionGroups/duty")
    assert len(rule["actions"]) == 2
    assert done.one(":ActionGroup").urn in done.one(":PrometheusRuleGroup").dependencies
    health = done.one(":ActivityLogAlert")
    assert len(health.inputs["actions"]["actionGroups"]) == 2
    assert {done.one(":ActionGroup").urn, done.one(":ManagedCluster").urn} <= set(health.dependencies)
    assert any("security contact of the subscription" in line for line in told)
