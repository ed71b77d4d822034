"""The JSON schema of a stack file: fresh, whole, and no stricter than the settings."""

import json
from pathlib import Path

import jsonschema
import pytest
from jsonschema import Draft7Validator

from settings.reading import kinds
from settings.reading.explain import aliases
from settings.reading.source import read
from settings.schema import TARGET, render
from settings.sections.stack import StackSettings
from tests.settings.helpers import stack

ROOT = Path(__file__).parents[2]
SCHEMA = json.loads(TARGET.read_text(encoding="utf-8"))
VALIDATOR = Draft7Validator(SCHEMA)
STACKS = sorted(ROOT.glob("Pulumi.*.yaml"))


def config(changes=None):
    return {"config": {f"secure-aks:{key}": value for key, value in stack(changes).items()}}


def wrong(document):
    return {".".join(map(str, error.absolute_path)) for error in VALIDATOR.iter_errors(document)}


def test_the_schema_is_fresh():
    assert TARGET.read_text(encoding="utf-8") == render(), "run `python -m settings.schema`"


def test_the_schema_is_one():
    Draft7Validator.check_schema(SCHEMA)
    text = json.dumps(SCHEMA)
    assert "$defs" not in text
    for place in {part.split('"')[0] for part in text.split('"$ref": "#/definitions/')[1:]}:
        assert place in SCHEMA["definitions"]


@pytest.mark.parametrize("path", STACKS, ids=lambda path: path.name)
def test_a_shipped_file_fits_and_names_the_schema(path):
    first = path.read_text(encoding="utf-8").splitlines()[0]
    assert first == f"# yaml-language-server: $schema={TARGET.relative_to(ROOT)}"
    assert wrong({"config": dict(read(path).config)}) == set()


def test_what_all_stacks_share_fits_too():
    shared = read(ROOT / "Pulumi.yaml").config["secure-aks:defaults"]["value"]
    assert wrong({"config": {"secure-aks:defaults": shared}}) == set()


SHORT = {
    "a profile by its name": {"profiles": {"seccomp": ["hardened"]}},
    "a level": {"policies": {"security": {"pod-probes": "disabled", "pool-max-pods": {"minimumPods": 30}}}},
    "an encrypted address": {"nodeUpdates.kured.notifyUrl": {"secure": "AAAB=="}},
    "Azure's own": {"cluster.extra": {"addonProfiles": {"x": {"enabled": True, "config": {"a": "b"}}}}},
    "a list of Azure's own": {"cluster.extra": {"privateLinkResources": [{"groupId": "management"}]}},
}


@pytest.mark.parametrize("changes", [{}, *SHORT.values()], ids=["the happy path", *SHORT])
def test_what_the_settings_take_fits(changes):
    assert wrong(config(changes)) == set()


WRONG = {
    "a section": ({"clutser": {}}, "config"),
    "a key": ({"cluster.knd": 1}, "config.secure-aks:cluster"),
    "a version of two parts": ({"pools[0].version": "1.35"}, "config.secure-aks:pools.0.version"),
    "a version as a number": ({"pools[0].version": 1.35}, "config.secure-aks:pools.0.version"),
    "a value": ({"cluster.tier": "Gold"}, "config.secure-aks:cluster.tier"),
    "a number too large": ({"audit.retentionDays": 731}, "config.secure-aks:audit.retentionDays"),
    "a property Azure has not": ({"cluster.extra": {"nope": 1}}, "config.secure-aks:cluster.extra"),
    "a value Azure has not": ({"cluster.extra": {"autoScalerProfile": {"expander": "x"}}}, "config.secure-aks:cluster.extra.autoScalerProfile.expander"),
    "a profile": ({"profile": "test"}, "config.secure-aks:profile"),
}  # fmt: skip


@pytest.mark.parametrize(("changes", "path"), WRONG.values(), ids=WRONG)
def test_what_is_wrong_is_marked_where_it_stands(changes, path):
    assert wrong(config(changes)) == {path}


def test_every_key_has_its_meaning_there():
    def walk(model, made, path):
        for key, field in aliases(model):
            entry = made["properties"][key]
            assert entry["description"].rstrip(".)") != "", f"{path}.{key}"
            inner = kinds.of_field(field).model
            if inner:
                walk(inner, SCHEMA["definitions"][inner.__name__], f"{path}.{key}")

    sections = SCHEMA["properties"]["config"]["properties"]
    known = {key.partition(":")[2]: value for key, value in sections.items()}
    walk(StackSettings, {"properties": known}, "")
    assert known["cluster"]["description"]
    pool = SCHEMA["definitions"]["Pool"]["properties"]
    assert pool["vmSize"]["examples"] == ["Standard_D4ds_v5"]
    assert pool["maxPods"]["default"] == 110


def test_a_stack_that_is_no_mapping_is_none():
    with pytest.raises(jsonschema.ValidationError):
        VALIDATOR.validate([])
