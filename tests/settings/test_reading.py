"""The one reader: the same bytes to the same values, whatever the file is and whoever asks."""

import json
import os
import shutil
from pathlib import Path

import pulumi
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel, SecretStr

from settings import SettingsError, load, load_file
from settings.fields.secret import SECRET
from settings.reading import kinds
from settings.reading.explain import aliases
from settings.reading.load import MAY_BE_SECRET
from settings.reading.problem import Problem
from settings.reading.scalars import plain
from settings.reading.source import parse
from settings.reading.text import MOST_BYTES
from settings.sections.stack import StackSettings

ROOT = Path(__file__).parents[2]
STACKS = ("dev", "staging", "prod")
TOKEN = "slack://very-secret-token@channel"  # noqa: S105  # what a test hides


@pytest.fixture(autouse=True)
def _clock(monkeypatch):
    monkeypatch.setenv("SECURE_AKS_CLOCK", "2026-11-23")


@pytest.fixture
def folder(tmp_path):
    for stack in STACKS:
        shutil.copy(ROOT / f"Pulumi.{stack}.yaml", tmp_path)
    return tmp_path


def edited(path, old, new):
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new, 1))
    return path


def problems(path):
    with pytest.raises(SettingsError) as refused:
        load_file(path)
    return refused.value.problems


@pytest.mark.parametrize(
    ("word", "value"),
    [
        ("", None), ("~", None), ("null", None), ("NULL", None), ("nul", "nul"),
        ("true", True), ("False", False), ("yes", "yes"), ("on", "on"), ("y", "y"),
        ("1", 1), ("-7", -7), ("+7", 7), ("017", 15), ("0o17", 15), ("0x1F", 31), ("0b11", 3), ("1_000", 1000), ("08", 8.0), ("-0x10", -16),
        ("1.5", 1.5), (".5", 0.5), ("1e3", 1000.0), ("1e400", "1e400"), ("1.2.3", "1.2.3"), (".inf", ".inf"), (".", "."), ("-", "-"), ("+", "+"),
        ("08:00", "08:00"), ("190:20:30", "190:20:30"), ("2026-13-18", "2026-13-18"), ("=", "="), ("<<", "<<"),
    ],
)  # fmt: skip
def test_words_mean_what_the_engine_makes_of_them(word, value):
    found = plain(word)
    assert (found, isinstance(found, bool)) == (value, isinstance(value, bool))


def test_dates_are_dates_and_remember_nothing_else():
    assert str(plain("2026-12-18")) == "2026-12-18"
    assert str(plain("2026-1-2")) == "2026-01-02"
    assert str(plain("2026-12-18T10:00:00Z")) == "2026-12-18 10:00:00+00:00"
    assert str(plain("2026-12-18 10:00:00")) == "2026-12-18 10:00:00+00:00"


@given(st.text(max_size=70))
def test_every_word_has_a_value(word):
    plain(word)


@given(st.recursive(st.none() | st.booleans() | st.integers(-(2**63), 2**63) | st.text("ab :#-é", max_size=6), lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text("abc", min_size=1, max_size=3), inner, max_size=3), max_leaves=12))  # fmt: skip
def test_json_is_read_as_it_is(value):
    if value == {"secure": ""} or "secure" in str(value):
        return
    source = parse(json.dumps({"config": {"a:b": value}}), "Pulumi.x.yaml")
    assert source.config == {"a:b": value}


def test_anchors_and_one_merge_are_as_the_engine_reads_them():
    text = "config:\n  a:base: &base {x: 1, y: 2}\n  a:b:\n    <<: *base\n    y: 3\n  a:c: {<<: [{z: 1}, *base]}\n  a:d: *base\n"
    source = parse(text, "Pulumi.x.yaml")
    assert source.config["a:b"] == {"x": 1, "y": 3}
    assert source.config["a:c"] == {"x": 1, "y": 2, "z": 1}
    assert source.config["a:d"] == {"x": 1, "y": 2}
    assert (source.line("a:b.y"), source.line("a:b.x")) == (5, 2)


def test_a_mark_before_the_text_and_other_line_ends_change_nothing(folder):
    path = folder / "Pulumi.prod.yaml"
    whole = load_file(path)
    data = path.read_bytes()
    for other in (b"\xef\xbb\xbf" + data, data.replace(b"\n", b"\r\n"), data.replace(b"\n", b"\r")):
        path.write_bytes(other)
        assert load_file(path) == whole


def test_a_link_is_what_it_leads_to(folder):
    (folder / "elsewhere.yaml").write_bytes((folder / "Pulumi.prod.yaml").read_bytes())
    (folder / "Pulumi.prod.yaml").unlink()
    (folder / "Pulumi.prod.yaml").symlink_to(folder / "elsewhere.yaml")
    assert load_file(folder / "Pulumi.prod.yaml").environment == "prod"


@pytest.mark.parametrize("kind", ["folder", "pipe", "device", "link to itself", "too large", "NUL"])
def test_what_is_no_file_is_one_problem_and_no_wait(tmp_path, kind):
    path = tmp_path / "Pulumi.x.yaml"
    match kind:
        case "folder":
            path.mkdir()
        case "pipe":
            os.mkfifo(path)
        case "device":
            path.symlink_to("/dev/zero")
        case "link to itself":
            path.symlink_to(path)
        case "too large":
            path.write_bytes(b"#" * (MOST_BYTES + 1))
        case _:
            path = tmp_path / "Pulumi.a\0b.yaml"
    [problem] = problems(path)
    if kind == "too large":
        assert (problem.why, problem.remedy) == (
            "it has more than 512 KiB, which no such file needs",
            "take out what is no setting",
        )
    else:
        assert "it cannot be read" in problem.why


def test_every_fault_of_a_text_is_told_at_once_with_its_line():
    text = "config:\n  a:b: !x 1\n  a:c: {1: x}\n  a:c: 2\n  a:d: {<<: 1}\n"
    with pytest.raises(SettingsError) as refused:
        parse(text, "Pulumi.x.yaml")
    assert [problem.line for problem in refused.value.problems] == [2, 3, 4, 5]


@pytest.mark.parametrize("word", [".inf", "-.Inf", "+.INF", ".nan", ".NaN"])
def test_what_the_engine_cannot_keep_is_refused_with_its_line(word):
    text = f'config:\n  a:b: {word}\n  a:c: {{{word}: x}}\n  a:d: ["{word}", {word}]\n'
    with pytest.raises(SettingsError) as refused:
        parse(text, "Pulumi.x.yaml")
    told = [(problem.line, problem.remedy) for problem in refused.value.problems]
    assert told == [(line, f'write "{word}"') for line in (2, 3, 4)]


def test_a_tag_of_text_is_text():
    assert parse("config: {a:b: !!str 1}\n", "Pulumi.x.yaml").config == {"a:b": "1"}


def test_a_number_is_shown_as_it_was_written(folder):
    path = edited(folder / "Pulumi.prod.yaml", 'cost-center: "4711"', "cost-center: 1.10")
    [problem] = problems(path)
    assert problem.remedy == 'write "1.10"'
    path = edited(path, "cost-center: 1.10", "cost-center: 2026-12-18")
    [problem] = problems(path)
    assert "is a date, and this is text" in problem.why


def test_a_circle_of_stacks_is_told_as_such(folder):
    edited(
        folder / "Pulumi.dev.yaml",
        "  secure-aks:exemptions",
        "  secure-aks:promotion: {follows: prod}\n  secure-aks:exemptions",
    )
    for stack, way in (
        ("prod", "prod follows staging, which follows dev, which follows prod"),
        ("dev", "dev follows prod, which follows staging, which follows dev"),
    ):
        [problem] = problems(folder / f"Pulumi.{stack}.yaml")
        assert way in problem.why
        assert problem.path == "secure-aks:promotion.follows"
        assert problem.line


def test_a_stack_that_cannot_be_read_ends_the_chain(folder):
    (folder / "Pulumi.staging.yaml").write_text("config: [")
    assert load_file(folder / "Pulumi.prod.yaml").promotion


@pytest.mark.parametrize(
    "day", ["9999-12-31", "0001-01-01", "2100-01-01", "2019-12-31T23:59:59Z", "9999-12-31T23:59:59-12:00"]
)
def test_a_clock_at_the_end_of_time_is_a_problem(folder, monkeypatch, day):
    monkeypatch.setenv("SECURE_AKS_CLOCK", day)
    [problem] = problems(folder / "Pulumi.prod.yaml")
    assert problem.path == "SECURE_AKS_CLOCK"
    assert problem.remedy


def test_what_the_projects_file_says_wrong_is_placed_there(folder):
    (folder / "Pulumi.yaml").write_text(
        "name: x\nruntime: python\nconfig:\n  azure-native:location: westmars\n"
    )
    edited(folder / "Pulumi.prod.yaml", "  azure-native:location: westeurope\n", "")
    [problem] = problems(folder / "Pulumi.prod.yaml")
    assert (problem.file, problem.line) == ("Pulumi.yaml", 4)


def test_no_message_steers_the_terminal_or_has_no_end():
    problem = Problem("secure-aks:\x1b[31m", "a\u202eb" + "x" * 5000, "write \x07")
    text = str(SettingsError("Pulumi.\x1b.yaml", [problem] * 500))
    assert all(character.isprintable() or character == "\n" for character in text)
    assert "\\u001b[31m" in text
    assert "and 400 more" in text
    assert len(text) < 200_000


def test_an_encrypted_value_has_one_place(folder):
    path = edited(folder / "Pulumi.prod.yaml", "owner: platform", "owner: {secure: AAABAB==}")
    [problem] = problems(path)
    assert problem.path == "secure-aks:tags.owner"
    assert "encrypted" in problem.why
    path = edited(path, "owner: {secure: AAABAB==}", "owner: platform")
    path = edited(path, "    access: private", "    access: {secure: AAABAB==}")
    [problem] = problems(path)
    assert problem.path == "secure-aks:cluster.apiServer.access"


def test_every_secret_field_may_be_encrypted_and_no_other():
    def secret(model, path):
        for key, field in aliases(model):
            kind = kinds.of_field(field)
            place = f"{path}.{key}" if path else f"secure-aks:{key}"
            if "SecretStr" in repr(field.annotation) or SecretStr in getattr(
                field.annotation, "__args__", ()
            ):
                yield place
            if kind.model and issubclass(kind.model, BaseModel):
                yield from secret(kind.model, place)

    assert set(secret(StackSettings, "")) == MAY_BE_SECRET


@pytest.fixture
def engine(folder, monkeypatch):
    """Hand the program a configuration as the engine does: the file's, decrypted, and what `change` makes of it."""

    def configure(change=lambda values: None, secrets=()):
        values = json.loads(
            json.dumps(dict(parse((folder / "Pulumi.prod.yaml").read_text(), "x").config), default=str)
        )
        change(values)
        texts = {key: value if isinstance(value, str) else json.dumps(value) for key, value in values.items()}
        pulumi.runtime.set_all_config({}, list(secrets))
        monkeypatch.setattr(pulumi, "get_stack", lambda: "prod")
        monkeypatch.setenv("PULUMI_CONFIG", json.dumps(texts))
        monkeypatch.chdir(folder)

    yield configure
    pulumi.runtime.set_all_config({}, [])


def decrypt(values):
    values["secure-aks:nodeUpdates"]["kured"]["notifyUrl"] = TOKEN


def test_the_program_gets_the_secret_and_the_file_alone_does_not(folder, engine):
    path = edited(
        folder / "Pulumi.prod.yaml", "    kured:\n", "    kured:\n      notifyUrl: {secure: AAABAB==}\n"
    )
    engine(decrypt)
    for settings, text in ((load(), TOKEN), (load_file(path), SECRET)):
        kured = settings.node_updates.kured
        assert kured
        assert kured.notify_url
        assert kured.notify_url.get_secret_value() == text


def test_a_decrypted_value_is_never_printed_wherever_it_was_put(folder, engine):
    edited(folder / "Pulumi.prod.yaml", "    tier: Premium", "    tier: {secure: AAABAB==}")

    def change(values):
        values["secure-aks:cluster"]["tier"] = TOKEN

    engine(change)
    with pytest.raises(SettingsError) as refused:
        load()
    assert TOKEN not in str(refused.value)
    assert "encrypted" in str(refused.value)


def test_a_secret_of_another_file_is_never_printed_either(folder, engine):
    def change(values):
        values["secure-aks:cluster"] |= {"tier": TOKEN, "name": "x y z w"}

    engine(change, secrets=["secure-aks:cluster"])
    with pytest.raises(SettingsError) as refused:
        load()
    assert TOKEN not in str(refused.value)
    assert "x y z w" not in str(refused.value)


def test_what_the_command_line_says_counts(folder, engine):
    engine(lambda values: values.update({"azure-native:location": "northeurope"}))
    assert load().location == "northeurope"
    assert load_file(folder / "Pulumi.prod.yaml").location == "westeurope"


def test_the_program_reads_an_unquoted_word_as_the_file_has_it(folder, engine):
    edited(folder / "Pulumi.prod.yaml", 'cost-center: "4711"', "cost-center: 2026-12-18")
    engine(lambda values: values["secure-aks:tags"].update({"cost-center": "2026-12-18T00:00:00Z"}))
    with pytest.raises(SettingsError) as refused:
        load()
    [problem] = refused.value.problems
    assert "is a date" in problem.why
    assert problem.line


def test_the_program_refuses_a_text_that_only_the_engine_takes(folder, engine):
    edited(folder / "Pulumi.prod.yaml", "owner: platform", "owner: !!str platform")
    engine()
    load()
    edited(folder / "Pulumi.prod.yaml", "owner: !!str platform", "owner: !other platform")
    with pytest.raises(SettingsError, match="the tag !other"):
        load()
