"""The declared access is the access: every group, verb, resource and namespace that the API server knows."""

from __future__ import annotations

import time
from dataclasses import replace

import pytest

from components.access import presets, roles
from components.access.rule import Rule
from settings.sections.teams import Team
from tests.access import discovered
from tests.access.conftest import CUSTOM_RESOURCES, apply_teams
from tests.access.helpers import object_ids
from tests.access.isolation import PREFIX
from tests.access.matrix import Cell, cells, compare, declared, is_allowed


@pytest.fixture
def resources(control_plane, stacks):
    """What the API server knows, once it knows the custom resources too."""
    admin = control_plane.client()
    wanted = {(group, plural) for group, plural, _ in CUSTOM_RESOURCES}
    end = time.monotonic() + 60
    while True:
        found = discovered.resources(admin)
        if wanted <= {(one.group, one.name) for one in found}:
            return found
        assert time.monotonic() < end, "the custom resources are not served"
        time.sleep(0.1)


@pytest.mark.parametrize(
    ("stack", "share"),
    [("dev", 7), *(pytest.param(one, 1, marks=pytest.mark.soak) for one in ("dev", "prod"))],
)
def test_the_groups_may_do_what_is_declared_and_nothing_else(
    stack, share, stacks, resources, control_plane, record_property
):
    """What is declared whole; of all else one question in so many."""
    settings = stacks[stack]
    admin = control_plane.client()
    namespaces = {one["metadata"]["name"] for one in admin.get("/api/v1/namespaces")["items"]}
    # Those of other tests come and go.
    namespaces = {name for name in namespaces if not name.startswith(("test-", PREFIX))}
    assert namespaces >= {team.namespace for one in stacks.values() for team in one.teams} | {"kube-system"}
    expected = declared(settings)
    every = list(cells(resources, object_ids(settings).values(), sorted(namespaces)))
    asked = [cell for number, cell in enumerate(every) if number % share == 0 or cell in expected]
    difference = compare(admin, asked, expected)
    record_property("counted", f"{difference.cells:,} cells of the access matrix of {stack}")
    assert not difference.more, str(difference)
    assert not difference.less, str(difference)
    assert difference.cells > 25_000 // share


def _one_group(settings, resources, changed):
    """The declared access of the first team's developers, and the cells to ask: that, what is changed, and a share of the others."""
    team = settings.teams[0]
    group = next(group for group in team.groups if group.role == "developer")
    member = object_ids(settings)[group.name]
    expected = {cell for cell in declared(settings) if cell.group == member}
    every = enumerate(cells(resources, [member], [one.namespace for one in settings.teams]))
    asked = [cell for number, cell in every if number % 7 == 0 or cell in expected or cell[2:] in changed]
    return member, team.namespace, asked, expected


def _without_a_rule(rules, resource):
    return tuple(rule for rule in rules if resource not in rule.resources)


@pytest.mark.parametrize(
    ("change", "more", "less"),
    [
        (lambda rules: (*rules, Rule("", ("secrets",), ("get",))), {("", "secrets", "get")}, set()),
        (
            lambda rules: (replace(rules[0], verbs=("get", "patch")), *rules[1:]),
            {("", "namespaces", "patch")},
            set(),
        ),
        (
            lambda rules: _without_a_rule(rules, "pods/log"),
            set(),
            {("", "pods/log", "get")},
        ),
        (
            lambda rules: (
                *_without_a_rule(rules, "endpointslices"),
                Rule("discovery.k8s.io", ("endpointslices",), ("get",)),
            ),
            set(),
            {("discovery.k8s.io", "endpointslices", "list"), ("discovery.k8s.io", "endpointslices", "watch")},
        ),
    ],
    ids=["a secret too many", "the namespace itself", "no logs", "two verbs fewer"],
)
def test_one_changed_rule_of_one_preset_is_found(
    change, more, less, stacks, resources, control_plane, monkeypatch
):
    settings = stacks["dev"]
    admin = control_plane.client()
    member, namespace, asked, expected = _one_group(settings, resources, more | less)
    with monkeypatch.context() as patch:
        patch.setattr(presets, "DEVELOPER", change(presets.DEVELOPER))
        apply_teams(admin, settings)
    try:
        end = time.monotonic() + 60
        probe = next(Cell(member, namespace, *what) for what in more | less)
        while is_allowed(admin, probe) != (probe[2:] in more):
            assert time.monotonic() < end
        difference = compare(admin, asked, expected)
        assert {(cell.namespace, *cell[2:]) for cell in difference.more} == {
            (namespace, *what) for what in more
        }
        assert {(cell.namespace, *cell[2:]) for cell in difference.less} == {
            (namespace, *what) for what in less
        }
    finally:
        apply_teams(admin, settings)
    end = time.monotonic() + 60  # anew: the questions took their time
    while is_allowed(admin, probe) != (probe in expected):
        assert time.monotonic() < end


def test_a_custom_role_allows_its_rules_for_the_named_objects(stacks, control_plane, namespace):
    rule = {
        "apiGroups": ["", "apps"],
        "resources": ["configmaps"],
        "verbs": ["get"],
        "resourceNames": ["one"],
    }
    group = {"name": "Custom Readers", "role": "reader", "objectId": "6f1c0d1e-2f3a-4b5c-8d9e-0a1b2c3d4e5f"}
    custom = {"customRoles": [{"name": "reader", "rules": [rule]}]}
    team = Team.model_validate({"name": "custom", "namespace": namespace, "groups": [group], **custom})
    settings = stacks["dev"].model_copy(update={"teams": (team,)})
    admin = control_plane.client()
    apply_teams(admin, settings)
    cell = Cell("6f1c0d1e-2f3a-4b5c-8d9e-0a1b2c3d4e5f", namespace, "", "configmaps", "get")
    end = time.monotonic() + 60
    while not is_allowed(admin, cell, "one"):
        assert time.monotonic() < end
    assert not is_allowed(admin, cell, "other")
    assert not is_allowed(admin, cell)
    assert roles.role_rules(team.custom_roles, "reader", is_prod=False)[0].resource_names == ("one",)


def test_paths_that_are_no_resources_are_as_kubernetes_has_them(stacks, control_plane):
    """Discovery, health and the version; not metrics, logs, profiles or the schema of tokens."""
    admin = control_plane.client()
    group = next(iter(object_ids(stacks["dev"]).values()))
    allowed = set()
    for path in [
        *admin.get("/")["paths"],
        "/metrics",
        "/logs/",
        "/debug/pprof/",
        "/flagz",
        "/configz",
        "/version",
    ]:
        who = {"user": "member@example.org", "groups": [group, "system:authenticated"]}
        review = {"spec": {**who, "nonResourceAttributes": {"path": path, "verb": "get"}}}
        answer = admin.create("/apis/authorization.k8s.io/v1/subjectaccessreviews", review)
        if answer["status"].get("allowed"):
            allowed.add("/" + path.split("/")[1])
    assert allowed == {"/api", "/apis", "/healthz", "/livez", "/openapi", "/readyz", "/version"}
