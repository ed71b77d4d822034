"""Teams that a state has: found by what the components themselves register."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from components.parts.team_marks import teams_made
from components.versions.version_change import VersionChange, declared
from tests.access.helpers import stack_settings, team_access
from tests.components.helpers import run

if TYPE_CHECKING:
    from tests.components.helpers import Run

SETTINGS = stack_settings("dev")


def state_of(done: Run, *tokens: str) -> dict[str, Any]:
    """The state of an `up` that got as far as these resources."""
    made = [one for one in done.registered if any(one.type.endswith(token) for token in tokens)]
    return {one.urn: {"type": one.type, "outputs": one.inputs} for one in made}


def outputs(state: dict[str, Any]) -> dict[str, Any]:
    return {urn: one["outputs"] for urn, one in state.items()}


def test_a_whole_up_has_every_team_as_the_record_has_it() -> None:
    found = teams_made(outputs(state_of(team_access(SETTINGS), "")))
    [cluster] = declared(SETTINGS)["clusters"].values()
    assert len(found) > 2
    assert {name: (one["namespaces"], sorted(one["groups"])) for name, one in found.items()} == {
        name: ([team["namespace"]], sorted(team["groups"])) for name, team in cluster["teams"].items()
    }


def test_half_of_an_up_has_what_it_got_to() -> None:
    done = team_access(SETTINGS)
    assert all(not one["groups"] for one in teams_made(outputs(state_of(done, ":Namespace"))).values())
    assert all(not one["namespaces"] for one in teams_made(outputs(state_of(done, ":Group"))).values())
    assert teams_made(outputs(state_of(done, ":Role", ":RoleBinding"))) == {}


def test_what_is_no_teams_is_none() -> None:
    urn = "urn:pulumi:dev::secure-aks::secure-aks:index:"
    state = {
        f"{urn}Platform$kubernetes:core/v1:Namespace::ingress": {
            "metadata": {"name": "ingress", "labels": {}}
        },
        f"{urn}TeamAccess$kubernetes:core/v1:Namespace::half": {},
        f"{urn}TeamAccess$azuread:index/group:Group::half": {"description": None},
        f"{urn}ClusterGroups$azuread:index/group:Group::d": {"description": "Team x: y", "displayName": "d"},
    }
    assert teams_made(state) == {}


def test_the_packs_are_shown_the_teams_of_the_state() -> None:
    state = state_of(team_access(SETTINGS), ":Namespace")
    done = run(lambda: VersionChange("version-change", SETTINGS), state=state)
    shown = done.outputs[done.one(":VersionChange").urn]
    assert shown["made"].keys() == {team.name for team in SETTINGS.teams}
    assert shown.get("previous") is None
