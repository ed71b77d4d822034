"""Every row of the table of refusals refuses what it says no to, and lets through what it says yes to."""

from contextlib import nullcontext
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from emulator.azure.errors import ArmError
from emulator.azure.refusals import ROOTS, check, is_so, rows
from emulator.azure.resource_type import Put
from emulator.azure.shapes import each
from emulator.cloud.state import State

ANYBODY = Put(State(), "/things/one", "things", {}, None, datetime.now(UTC), "tenant")
VAULT = "/x/providers/Microsoft.DataProtection/backupVaults/vault"
TAKE_EXAMPLES = {
    "one_key",
    "matches",
    "length",
    "network",
    "contains",
    "distinct",
    "exists",
    "unique",
    "unchanged",
    "most_beside",
}
"""Of these no value can be told from the row: they are asked below, or where each service is tested."""
ROWS = [
    (kind, row)
    for kind, found in rows().items()
    for row in found
    if not TAKE_EXAMPLES & row.keys()
    and not ("count" in row and not row["path"].endswith("[]"))
    and not (isinstance(row.get("needs"), dict) and "not" not in row["needs"])
]


def put(path: str, value: Any, properties: dict[str, Any]) -> None:
    """Put a value at a path, in the only item of each list on the way."""
    *parents, last = path.removesuffix("[]").split(".")
    for parent in parents:
        inside = properties.setdefault(parent.removesuffix("[]"), [{}] if parent.endswith("[]") else {})
        properties = inside[0] if isinstance(inside, list) else inside
    properties[last] = [value] if path.endswith("[]") and not isinstance(value, list) else value


def surroundings(row: dict[str, Any]) -> dict[str, Any]:
    """What a row counts beside: the least that has it."""
    made: dict[str, Any] = {}
    for path, wanted in row.get("when", {}).items():
        first = wanted[0] if isinstance(wanted, list) else wanted
        if isinstance(first, dict):
            first = None if first == {"not": "*"} else VAULT if "Vaults" in first.get("matches", "") else "1"
        put(path, {"x": 1} if first == "*" else first, made)
    return made


def values(row: dict[str, Any]) -> tuple[list[Any], list[Any]]:
    """What a row lets through, and what it refuses."""
    if isinstance(row.get("needs"), dict):
        return ["another", None], [row["needs"]["not"]]
    if "needs" in row:
        wanted = row["needs"] if isinstance(row["needs"], list) else [row["needs"]]
        good = [{"x": 1} if one == "*" else one for one in wanted]
        return good, [None] if None not in wanted else ["another"]
    if "one_of" in row:
        return row["one_of"], ["another"]
    if "between" in row:
        least, most = row["between"]
        step = row.get("multiple_of", most)
        return [least, most, step] if least else [most], [least - 1, most + 1, "many"]
    if "multiple_of" in row:
        return [row["multiple_of"] * 5], [row["multiple_of"] + 1]
    least, most = row["count"]
    some = [f"x{number}" for number in range(most + 1)]
    return [some[:most]], [some, *([some[: least - 1]] if least else [])]


@pytest.mark.parametrize(("kind", "row"), ROWS, ids=lambda v: v["path"] if isinstance(v, dict) else v)
def test_a_row_refuses_what_it_says(kind: str, row: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("emulator.azure.refusals.rows", lambda: {kind: [row]})
    good, bad = values(row)
    for value in good:
        properties = surroundings(row)
        put(row["path"], value, properties)
        check(kind, properties, ANYBODY)
    for value in bad:
        properties = surroundings(row)
        put(row["path"], value, properties)
        named = row.get("parameter", ROOTS.get(kind, "") + row["path"].replace("[]", ""))
        with pytest.raises(ArmError, match=row.get("code") or f"{named} is invalid"):
            check(kind, properties, ANYBODY)
    alone: dict[str, Any] = {}
    put(row["path"], bad[0], alone)
    if not all(
        any(is_so(v, wanted) for v in each(alone, path)) for path, wanted in row.get("when", {}).items()
    ):
        check(kind, alone, ANYBODY)


NOWHERE, THERE = "/subscriptions/s/resourceGroups/g/providers/x/y/none", "/things/2"
POLICY = "properties.policyRules[].trigger.schedule.repeatingTimeIntervals[]"
GRAFANA = "properties.grafanaIntegrations.azureMonitorWorkspaceIntegrations[].azureMonitorWorkspaceResourceId"


@pytest.mark.parametrize(
    ("kind", "path", "test", "good", "bad"),
    [
        (
            "cluster",
            "addonProfiles.omsagent.config.logAnalyticsWorkspaceResourceID",
            "exists",
            THERE,
            NOWHERE,
        ),
        ("agentPoolProfile", "upgradeSettings.maxUnavailable", "matches", "5%", "all"),
        ("containerservice:AutoUpgradeProfile", "updateStrategyId", "exists", THERE, NOWHERE),
        ("monitor:DataCollectionRule", "dataCollectionEndpointId", "exists", THERE, NOWHERE),
        ("monitor:DataCollectionRuleAssociation", "dataCollectionRuleId", "exists", THERE, NOWHERE),
        ("dashboard:Grafana", "name", "matches", "team-a1", "team--a"),
        ("dashboard:Grafana", "name", "unique", "free", "Taken"),
        ("dashboard:Grafana", GRAFANA, "exists", THERE, NOWHERE),
        ("dataprotection:BackupVault", "name", "matches", "vault-1", "1vault"),
        ("dataprotection:BackupPolicy", POLICY, "needs", ["R/2026-01-01T00:00:00+00:00/PT4H"], ["R/5/PT5H"]),
        ("containerservice:TrustedAccessRoleBinding", "sourceResourceId", "exists", THERE, NOWHERE),
        ("containerservice:TrustedAccessRoleBinding", "name", "matches", "a" * 24, "a" * 25),
        ("kubernetesconfiguration:Extension", "extensionType", "unique", "b", "Microsoft.Flux"),
        (
            "kubernetesconfiguration:FluxConfiguration",
            "gitRepository.repositoryRef",
            "needs",
            {"tag": "v1"},
            {"tag": "v1", "branch": "main"},
        ),
    ],
)
def test_an_example(
    kind: str, path: str, test: str, good: Any, bad: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    row = next(row for row in rows()[kind] if row["path"] == path and test in row)
    monkeypatch.setattr("emulator.azure.refusals.rows", lambda: {kind: [row]})
    state = State()
    state.put(THERE, ANYBODY.arm_type, "2", {"name": "taken", "extensionType": "microsoft.flux"})
    for value, is_refused in ((good, False), (bad, True)):
        properties: dict[str, Any] = {}
        put(path, value, properties)
        with pytest.raises(ArmError) if is_refused else nullcontext():
            check(kind, properties, replace(ANYBODY, state=state))


def test_an_identity_trusts_twenty_others_at_most() -> None:
    state, kind = State(), "managedidentity:FederatedIdentityCredential"
    said = {"name": "one", "issuer": "https://x", "audiences": ["a"], "subject": "s"}
    for number in range(19):
        state.put(f"/things/{number}", ANYBODY.arm_type, str(number), {})
    check(kind, said, replace(ANYBODY, state=state))
    state.put("/things/19", ANYBODY.arm_type, "19", {})
    with pytest.raises(ArmError, match="20 at most"):
        check(kind, said, replace(ANYBODY, state=state))
