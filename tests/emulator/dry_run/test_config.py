"""Pulumi.yaml and Pulumi.<stack>.yaml, read as the engine reads them."""

import pytest

from emulator.dry_run.project import Project as Loaded
from emulator.dry_run.project import as_text
from emulator.errors import ConfigError, UsageError
from emulator.yaml_files import load_yaml


def load(project, text="", pulumi_yaml=""):
    p = project(pulumi_yaml=pulumi_yaml, dev=text)
    return Loaded.load(p.folder).load_config("dev")


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("", {}),
        ("config:\n", {}),
        ("config: {name: x}", {"demo:name": "x"}),
        ("config: {demo:name: x}", {"demo:name": "x"}),
        ("config: {demo:config:name: x}", {"demo:name": "x"}),
        ("config: {azure-native:location: westeurope}", {"azure-native:location": "westeurope"}),
        ("config: {n: 3}", {"demo:n": "3"}),
        ("config: {n: 1.5}", {"demo:n": "1.5"}),
        ("config: {n: true}", {"demo:n": "true"}),
        ("config: {n: 'true'}", {"demo:n": "true"}),
        ("config: {n: on}", {"demo:n": "on"}),
        ("config: {n: 22:00}", {"demo:n": "22:00"}),
        ("config: {n: 2026-12-18}", {"demo:n": "2026-12-18"}),
        ("config: {n: 1.35.6}", {"demo:n": "1.35.6"}),
        ("config: {n: 010}", {"demo:n": "8"}),  # Go reads an old octal
        ("config: {n: [1, {b: 2, a: no}]}", {"demo:n": '[1,{"a":"no","b":2}]'}),
    ],
)
def test_values_reach_the_program_as_text(project, text, values):
    assert load(project, text) == values


@pytest.mark.parametrize("stray", [None, "}{", '{"demo:missing": "x"}'])
def test_the_program_sees_what_the_engine_would_hand_it(project, stray, monkeypatch):
    """And nothing of a configuration that stands in the caller's environment."""
    if stray:
        monkeypatch.setenv("PULUMI_CONFIG", stray)
    p = project(
        """
        c = pulumi.Config()
        assert c.require_object("o") == {"a": [1, 2]}, c.require_object("o")
        assert c.require_bool("b") is False
        assert c.get("missing") is None
        assert not {"demo:missing"} & pulumi.runtime.config.get_config_env().keys()
        assert pulumi.Config("other").require("x") == "y"
        assert pulumi.get_stack() == "dev" and pulumi.get_project() == "demo"
        assert pulumi.get_organization() == "organization"
        assert pulumi.runtime.is_dry_run()
        """,
        dev="config: {o: {a: [1, 2]}, b: false, other:x: y}",
    )
    assert p.preview().ok


@pytest.mark.parametrize(
    ("declared", "given", "values"),
    [
        ("size: 3", "", {"demo:size": "3"}),
        ("size: 3", "config: {size: 4}", {"demo:size": "4"}),
        ("size: {type: integer, default: 3}", "", {"demo:size": "3"}),
        ("azure-native:location: here", "", {"azure-native:location": "here"}),
        ("azure-native:location: {value: here}", "", {"azure-native:location": "here"}),
        ("list: [1, 2]", "", {"demo:list": "[1,2]"}),
        (
            "list: {type: array, items: {type: string}}",
            "config: {list: [a]}",
            {"demo:list": '["a"]'},
        ),
    ],
)
def test_the_projects_defaults(project, declared, given, values):
    assert load(project, given, f"config:\n  {declared}\n") == values


@pytest.mark.parametrize(
    ("declared", "given", "said"),
    [
        ("size: {type: integer}", "", "demo:size: missing"),
        ("size: {type: integer}", "config: {size: x}", "demo:size: must be of type integer"),
        ("on: {type: boolean}", "config: {on: 1}", "demo:on: must be of type boolean"),
        ("o: {type: object}", "config: {o: []}", "demo:o: must be of type object"),
        ("l: {type: array, items: {type: integer}}", "config: {l: [a]}", "demo:l: must be of type array"),
        ("s: {type: string, secret: true}", "config: {s: x}", "demo:s: must be encrypted"),
    ],
)
def test_declared_keys_are_checked(project, declared, given, said):
    with pytest.raises(ConfigError, match=said):
        load(project, given, f"config:\n  {declared}\n")


def test_all_problems_are_told_at_once(project):
    with pytest.raises(ConfigError) as error:
        load(project, "", "config:\n  a: {type: string}\n  b: {type: string}\n")
    assert "demo:a: missing" in str(error.value)
    assert "demo:b: missing" in str(error.value)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("config: {a: 1, a: 2}", "'a' stands twice"),
        ("config: [", "not valid YAML"),
        ("config: [a]", "expected a mapping"),
        ("- a", "expected a mapping"),
        ("config: {'a:b:c:d': 1}", "is not a key"),
        (
            "config:\r\n  a: \x1b[2J\r\n",
            "line 2: not valid YAML: it holds a character that no editor shows; delete it",
        ),
    ],
)
def test_a_broken_stack_file_is_refused_with_its_path(project, text, said):
    with pytest.raises(ConfigError, match=said) as error:
        load(project, text)
    assert "Pulumi.dev.yaml" in str(error.value)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("runtime: python", "needs a name"),
        ("name: x\nruntime: nodejs", "of Python programs only"),
        ("name: x\nruntime: python\nconfig: []", None),
        ("name: x\nruntime: python\nconfig: [a]", "config: expected a mapping"),
    ],
)
def test_a_broken_project_file(tmp_path, text, said):
    (tmp_path / "Pulumi.yaml").write_text(text)
    if said is None:
        Loaded.load(tmp_path)
        return
    with pytest.raises(UsageError, match=said):
        Loaded.load(tmp_path)


def test_no_project_and_no_stack(tmp_path, project):
    with pytest.raises(UsageError, match="no Pulumi project here"):
        Loaded.load(tmp_path)
    with pytest.raises(UsageError, match=r"no stack 'prod'. Stacks with a file: dev"):
        Loaded.load(project().folder).load_config("prod")


def test_main_and_stack_folder(project):
    p = project(pulumi_yaml="main: app\nstackConfigDir: stacks\n")
    (p.folder / "app").mkdir()
    (p.folder / "stacks").mkdir()
    (p.folder / "app" / "__main__.py").write_text("import pulumi, os\npulumi.export('cwd', os.getcwd())\n")
    (p.folder / "stacks" / "Pulumi.dev.yaml").write_text("config: {}\n")
    assert p.outputs()["cwd"] == str(p.folder / "app")


def test_a_changed_stack_file_and_program_are_seen_by_the_next_run_in_one_process(project):
    p = project(
        "import part\npulumi.export('x', part.X + pulumi.Config().require('x'))", dev="config: {x: a}"
    )
    (p.folder / "part.py").write_text("X = '1'\n")
    assert p.outputs()["x"] == "1a"
    p.stack_file("config: {x: b}")
    (p.folder / "part.py").write_text("X = '22'\n")
    assert p.outputs()["x"] == "22b"


@pytest.mark.parametrize(
    ("value", "text"), [("x", "x"), (True, "true"), (None, "null"), ({"b": 1, "a": "é"}, '{"a":"é","b":1}')]
)
def test_as_text(value, text):
    assert as_text(value) == text


@pytest.mark.parametrize(
    ("text", "keys"),
    [
        ("config: {plain: {secure: 'v1:x:y'}, other: 1}", "demo:plain"),
        (
            "config: {deep: {a: [{secure: 'v1:x:y'}]}, azure-native:clientSecret: {secure: z}}",
            "demo:deep, azure-native:clientSecret",
        ),
    ],
)
def test_secrets_are_the_engines_to_decrypt(project, text, keys):
    with pytest.raises(ConfigError) as error:
        load(project, text)
    assert f"Pulumi.dev.yaml: {keys}: encrypted" in str(error.value)
    assert "`python -m emulator engine`" in str(error.value)


def test_a_key_named_secure_among_others_is_none(project):
    assert load(project, "config: {o: {secure: true, port: 1}}") == {"demo:o": '{"port":1,"secure":true}'}


def test_ten_megabytes_are_refused_before_they_are_read(tmp_path):
    (path := tmp_path / "Pulumi.dev.yaml").write_bytes(b"- x: y\n" * 1_500_000)
    with pytest.raises(
        ConfigError, match=r"Pulumi.dev.yaml: it has more than 512 KiB.*; take out what is no setting"
    ):
        load_yaml(path)
