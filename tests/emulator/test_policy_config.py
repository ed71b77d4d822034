"""The configuration of a pack, put together as the engine does."""

import json

import pytest

from emulator.dry_run.policy_config import PolicySchema, PolicySettings, load_policy_config, reconcile
from emulator.errors import ConfigError

SCHEMAS = {
    "limit": PolicySchema(
        "advisory",
        {
            "max": {"type": "integer", "maximum": 10, "minimum": 1},
            "mode": {"enum": ["a", "b"], "default": "a"},
            "tags": {"type": "array", "items": {"type": "string"}},
            "deep": {"type": "object", "properties": {"n": {"type": "number", "default": 1}}},
            "maybe": {"type": ["string", "null"]},
        },
        [],
    ),
    "plain": PolicySchema("mandatory", {}, []),
}


def read(tmp_path, config):
    file = tmp_path / "config.json"
    file.write_text(config if isinstance(config, str) else json.dumps(config))
    return load_policy_config(file)


def levels(*layers):
    return {k: v.level for k, v in reconcile(SCHEMAS, list(layers))[0].items()}


def test_defaults_of_the_top_level_only():
    settings, problems = reconcile(SCHEMAS, [])
    assert settings["limit"].properties == {"mode": "a"}
    assert problems == []


@pytest.mark.parametrize(
    ("config", "expected"),
    [
        ({}, {"limit": "advisory", "plain": "mandatory"}),
        ({"all": "mandatory"}, {"limit": "mandatory", "plain": "mandatory"}),
        ({"all": "disabled", "plain": "advisory"}, {"limit": "disabled", "plain": "advisory"}),
        ({"limit": {"enforcementLevel": "remediate"}}, {"limit": "remediate", "plain": "mandatory"}),
        (
            {"all": {"enforcementLevel": "advisory"}, "limit": {"max": 3}},
            {"limit": "advisory", "plain": "advisory"},
        ),
    ],
)
def test_levels(tmp_path, config, expected):
    assert levels(read(tmp_path, config)) == expected


def test_a_later_layer_wins_level_by_level_and_key_by_key():
    first = {"limit": PolicySettings("mandatory", {"max": 1, "mode": "b"})}
    second = {"limit": PolicySettings(None, {"max": 2})}
    settings, _ = reconcile(SCHEMAS, [first, second])
    assert settings["limit"] == PolicySettings("mandatory", {"mode": "b", "max": 2})
    assert levels(first, {"all": PolicySettings("disabled")})["limit"] == "disabled"


@pytest.mark.parametrize(
    ("properties", "problem"),
    [
        ({"max": "x"}, 'limit: max must be integer, not "x"'),
        ({"max": 1.5}, "limit: max must be integer, not 1.5"),
        ({"max": True}, "limit: max must be integer, not true"),
        ({"max": 11}, "limit: max must be 10 or less"),
        ({"max": 0}, "limit: max must be 1 or more"),
        ({"mode": "c"}, 'limit: mode must be one of "a", "b"'),
        ({"tags": ["a", 1]}, "limit: tags[1] must be string, not 1"),
        ({"deep": {"n": "x"}}, 'limit: deep.n must be number, not "x"'),
        ({"maybe": 1}, "limit: maybe must be string or null, not 1"),
    ],
)
def test_wrong_parameters_are_told(properties, problem):
    assert reconcile(SCHEMAS, [{"limit": PolicySettings(None, properties)}])[1] == [problem]


@pytest.mark.parametrize(
    "properties", [{"max": 3}, {"max": 3.0}, {"maybe": None}, {"deep": {"other": 1}}, {"unknown": 1}]
)
def test_right_parameters(properties):
    assert reconcile(SCHEMAS, [{"limit": PolicySettings(None, properties)}])[1] == []


def test_required_parameters():
    schema = {"p": PolicySchema("advisory", {"n": {"default": 1}, "m": {}}, ["n", "m"])}
    assert reconcile(schema, [])[1] == ["p: m is required"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("{", "not a policy configuration"),
        ("[]", "expected an object"),
        ('{"limit": "fatal"}', "limit: write one of advisory, mandatory, disabled, remediate"),
        ('{"limit": {"enforcementLevel": 1}}', "limit: write one of"),
        ('{"limit": 1}', "limit: write one of"),
    ],
)
def test_a_broken_file(tmp_path, text, said):
    with pytest.raises(ConfigError, match=said):
        read(tmp_path, text)
