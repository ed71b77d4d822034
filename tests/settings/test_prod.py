from datetime import date

import pytest

from settings.checks.finding import RULES
from settings.facts.pack_rules import pack_rules
from tests.settings.helpers import GONE, STACK, TODAY, Case, good, read, refuse
from tests.settings.pack_rules import TARGET, render

CLUSTER = "secure-aks:cluster"
METRICS = "/subscriptions/11111111-2222-3333-4444-555555555555/resourceGroups/watch/providers/Microsoft.Monitor/accounts/metrics"

NEEDED = [
    ("prod-zones", "general", Case("one zone", {"pools[0].zones": ["1"]}, "secure-aks:pools[0].zones", "loss of a zone", '`zones: ["1", "2", "3"]`')),
    ("prod-zones", "system", Case("no zones", {"systemPool.zones": GONE}, "secure-aks:systemPool.zones", "loss of a zone", "zones")),
    ("prod-tier", "aks", Case("free tier", {"cluster.tier": "Free"}, f"{CLUSTER}.tier", "no uptime SLA", "`tier: Standard`")),
    ("prod-defender", "aks", Case("no defender", {"cluster.defender": False}, f"{CLUSTER}.defender", "Microsoft Defender", "write true")),
    ("prod-alerts", "aks", Case("nobody is told", {"cluster.monitoring": GONE}, f"{CLUSTER}.monitoring.contacts", "an alert that tells nobody", "`contacts: {emails: [<address>]}`")),
    ("prod-audit", "aks", Case("no logins", {"audit": {"categories": ["kube-audit"]}}, "secure-aks:audit.categories", "who logged in", "guard")),
    ("prod-audit", "aks", Case("short memory", {"audit": {"retentionDays": 30}}, "secure-aks:audit.retentionDays", "90 days at least", "90 or more")),
    ("prod-maintenance", "aks", Case("no upgrade window", {"maintenance.upgrades": GONE}, "secure-aks:maintenance.upgrades", "hours that people chose", "add `upgrades:")),
    ("prod-maintenance", "aks", Case("no node window", {"maintenance.nodeOs": GONE}, "secure-aks:maintenance.nodeOs", "hours that people chose", "add `nodeOs:")),
    ("prod-admission", "aks", Case("admission warns", {"admission": {"mode": "Warn"}}, "secure-aks:admission.mode", "Warn lets it in", "write Deny")),
    ("prod-admission", "payments", Case("admission audits one", {"admission": {"namespaces": {"payments": "Audit"}}}, "secure-aks:admission.namespaces.payments", "Audit lets it in", "write Deny")),
    ("node-updates-none", "aks", Case("no updates", {"nodeUpdates": {"mode": "none"}, "maintenance.nodeOs": GONE}, "secure-aks:nodeUpdates.mode", "not secure for long", "security-patch")),
    ("prod-force-reboot", "aks", Case("reboots in spite of failed drains", {"nodeUpdates.kured.forceReboot": True}, "secure-aks:nodeUpdates.kured.forceReboot", "would protect nothing", "what does not drain")),
    ("prod-policies", "security", Case("no security pack", {"policies": {"security": {"all": "disabled"}}}, "secure-aks:policies.security.all", "the whole security pack is switched off", "advisory")),
    ("prod-policies", "lifecycle", Case("no lifecycle pack", {"policies": {"lifecycle": {"all": "disabled"}}}, "secure-aks:policies.lifecycle.all", "the whole lifecycle pack", "remove the key")),
    ("prod-policies", "pod-privileged", Case("a rule off", {"policies": {"security": {"pod-privileged": "disabled"}}}, "secure-aks:policies.security.pod-privileged", "nothing judges it", "advisory")),
    ("prod-policies", "security", Case("a pack that only advises", {"policies": {"security": {"all": "advisory"}}}, "secure-aks:policies.security.all", "the whole security pack is lowered to advice", "remove the key")),
    ("prod-policies", "lifecycle", Case("most of a pack advises", {"policies": {"lifecycle": {"all": {"enforcementLevel": "advisory"}, "promotion": "mandatory"}}}, "secure-aks:policies.lifecycle.all", "10 of the 11 rules that stop an `up`, of the lifecycle pack are lowered", "remove the key")),
    ("prod-policies", "pod-privileged", Case("a rule advises", {"policies": {"security": {"pod-privileged": "advisory"}}}, "secure-aks:policies.security.pod-privileged", "nothing stops an `up` over it", "advisory")),
    ("prod-backup", "aks", Case("backups that an owner deletes", {"cluster.backup": {"vaultGroup": "vaults", "snapshotGroup": "snapshots", "storageAccount": f"{METRICS.partition('/providers/')[0]}/providers/Microsoft.Storage/storageAccounts/backups", "container": "aks", "immutability": "Disabled"}}, f"{CLUSTER}.backup.immutability", "nobody deletes a backup", "Unlocked or Locked")),
    ("prod-grafana-private", "aks", Case("grafana on the internet", {"cluster.monitoring.prometheus": {"workspace": METRICS}, "cluster.monitoring.grafana": {"name": "pictures", "publicAccess": True, "viewers": [{"name": "lookers"}]}}, f"{CLUSTER}.monitoring.grafana.publicAccess", "not on the internet", "write false")),
    ("prod-trusted-launch", "general", Case("no trusted launch", {"pools[0].trustedLaunch": False}, "secure-aks:pools[0].trustedLaunch", "before the kernel", "write true")),
    ("environment-name", "aks", Case("dev in a prod stack", {"environment": "dev", STACK: "prod"}, "secure-aks:environment", "called prod, and its environment is dev", "write prod")),
    ("public-api-server", "aks", Case("public", {"cluster.apiServer.access": "public"}, f"{CLUSTER}.apiServer.access", "anybody", "private")),
]  # fmt: skip
IDS = [str(case) for _, _, case in NEEDED]


def exemption(rule, name, until="2026-12-31", **changes):
    return {
        "rule": rule,
        "resource": {"name": name},
        "reason": "agreed with security",
        "until": until,
    } | changes


@pytest.mark.parametrize(("rule", "resource", "case"), NEEDED, ids=IDS)
def test_needed_in_prod(rule, resource, case):
    refuse(case)


@pytest.mark.parametrize(("rule", "resource", "case"), NEEDED, ids=IDS)
def test_the_remedy_names_the_way_out_and_it_works(rule, resource, case):
    _, [finding] = read(case.changes)
    assert f"exempt `{resource}` from the rule `{rule}`" in finding.remedy
    good(case.changes | {"exemptions": [exemption(rule, resource)]})


@pytest.mark.parametrize(("rule", "resource", "case"), NEEDED, ids=IDS)
def test_an_exemption_for_something_else_lifts_nothing(rule, resource, case):
    changes = case.changes | {"exemptions": [exemption(rule, "another")]}
    _, findings = read(changes)
    assert {finding.path for finding in findings} == {case.path, "secure-aks:exemptions[0]"}


@pytest.mark.parametrize("environment", ["dev", "staging"])
@pytest.mark.parametrize(
    "case",
    [case for rule, _, case in NEEDED if rule not in {"public-api-server", "environment-name"}],
    ids=str,
)
def test_not_needed_elsewhere(environment, case):
    good(case.changes | {"environment": environment})


def test_every_rule_of_the_settings_is_tried():
    assert {rule for rule, _, _ in NEEDED} == set(RULES)


EXEMPTION = "secure-aks:exemptions[0]"
POD = {"rule": "pod-privileged", "resource": {"name": "kured"}, "reason": "agreed", "until": "2027-01-01"}


@pytest.mark.parametrize(
    "case",
    [
        Case("no reason", {"reason": GONE}, f"{EXEMPTION}.reason", "required", "add `reason`"),
        Case("blank reason", {"reason": " "}, f"{EXEMPTION}.reason", "nobody would know why", "write why"),
        Case("no end", {"until": GONE}, f"{EXEMPTION}.until", "required", "add `until`: a day"),
        Case("no resource", {"resource": GONE}, f"{EXEMPTION}.resource", "required", "add `resource`: a mapping"),
        Case("no name", {"resource": {"kind": "Pod"}}, f"{EXEMPTION}.resource.name", "required", "add `name`"),
        Case("bare wildcard", {"resource.name": "*"}, f"{EXEMPTION}.resource.name", "exempt everything", "payments-*"),
        Case("two wildcards", {"resource.name": "*?*"}, f"{EXEMPTION}.resource.name", "exempt everything", "payments-*"),
        Case("wildcard namespace", {"resource.namespace": "*"}, f"{EXEMPTION}.resource.namespace", "exempt everything", "name the resource"),
        Case("every rule", {"rule": "pod-*"}, f"{EXEMPTION}.rule", "from one rule", "the rule's id"),
        Case("over", {"until": "2026-11-22"}, f"{EXEMPTION}.until", "it ended on 2026-11-22", "prolong it"),
        Case("not needed", {"rule": "prod-tier", "resource.name": "aks"}, EXEMPTION, "nothing named 'aks' breaks the rule prod-tier", "remove the exemption"),
    ],
    ids=str,
)  # fmt: skip
def test_exemption_refused(case):
    changes = {"exemptions": [POD]} | {f"exemptions[0].{key}": value for key, value in case.changes.items()}
    refuse(Case(case.name, changes, case.path, case.why, case.mend))


def test_same_exemption_twice():
    refuse(
        Case("twice", {"exemptions": [POD, POD]}, "secure-aks:exemptions[1]", "says the same", "remove one")
    )


def test_an_exemption_of_the_packs_is_theirs():
    [exemption] = good({"exemptions": [POD]}).exemptions
    assert exemption.until == date(2027, 1, 1)
    assert exemption.holds(date(2027, 1, 1))
    assert not exemption.holds(date(2027, 1, 2))


def test_on_its_last_day_an_exemption_still_holds():
    good({"cluster.tier": "Free", "exemptions": [exemption("prod-tier", "aks", until=str(TODAY))]})


def test_after_its_last_day_both_are_reported():
    gone = exemption("prod-tier", "aks", until="2026-11-22")
    _, findings = read({"cluster.tier": "Free", "exemptions": [gone]})
    assert {finding.path for finding in findings} == {f"{CLUSTER}.tier", f"{EXEMPTION}.until"}


def test_a_pattern_may_name_several():
    changes = {
        "pools[0].zones": ["1"],
        "pools[1].zones": ["2"],
        "pools[0].name": "one",
        "pools[1].name": "onespot",
    }
    good(changes | {"exemptions": [exemption("prod-zones", "one*")]})


def test_of_a_pack_that_is_off_but_for_a_rule_the_rest_is_named():
    levels = {"all": "disabled", "pod-privileged": "mandatory", "pod-cpu-limit": "disabled"}
    _, [finding] = read({"policies": {"security": levels}})
    on = len(pack_rules()["security"].on)
    assert f"{on - 1} of the {on} rules of the security pack are switched off" in finding.why
    assert finding.resource == "security"


def test_the_names_of_the_packs_rules_are_fresh():
    assert TARGET.read_text(encoding="utf-8") == render(), "run `python -m tests.settings.pack_rules`"
