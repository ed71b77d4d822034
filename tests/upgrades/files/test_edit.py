"""The one-line edit: exactly one line differs, whatever surrounds it; what cannot be edited is said."""

from __future__ import annotations

import difflib
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.upgrades.builders import v
from upgrades.files import edit
from upgrades.files.edit import make, refusals, says, take_back, with_step
from upgrades.files.yaml_nodes import EditError, read_nodes
from upgrades.model.clusters import CONTROL_PLANE, WHOLE, Pool
from upgrades.model.steps import Duration, Step
from upgrades.render.change_text import commit_message

STACK = """\
# A comment that stays.
config:
  azure-native:location: westeurope   # so does this
  secure-aks:cluster: {name: aks,   kubernetesVersion: 1.34.7, tier: Standard}

  secure-aks:systemPool:
    name: system
    version: "1.34.7"  # quoted
  secure-aks:pools:
    - name: general
      version: 1.34.7
    - {version: '1.34.7', name: win}
"""


def step(target, before="1.34.7", after="1.35.7"):
    return Step("dev", "aks", target, v(before), v(after), "it is next", Duration(15, 60))


def changed(tmp_path, target, text=STACK):
    path = tmp_path / "Pulumi.dev.yaml"
    path.write_text(text)
    lines = difflib.ndiff(text.splitlines(), with_step(path, step(target)).splitlines())
    return [line for line in lines if line[0] in "+-"]


@pytest.mark.parametrize(
    ("target", "line"),
    [
        (CONTROL_PLANE, "  secure-aks:cluster: {name: aks,   kubernetesVersion: 1.35.7, tier: Standard}"),
        ("system", '    version: "1.35.7"  # quoted'),
        ("general", "      version: 1.35.7"),
        ("win", "    - {version: '1.35.7', name: win}"),
    ],
)
def test_one_line_changes_and_keeps_its_layout(tmp_path, target, line):
    assert changed(tmp_path, target)[1:] == [f"+ {line}"]


@pytest.mark.parametrize("stack", ["dev", "staging", "prod"])
def test_every_version_of_the_shipped_stacks_can_be_edited(tmp_path, stack):
    text = (Path(__file__).parents[3] / f"Pulumi.{stack}.yaml").read_text()
    path = tmp_path / "Pulumi.x.yaml"
    path.write_text(text)
    with pytest.raises(EditError, match="and the step starts from") as caught:
        with_step(path, step("system", before="1.0.0"))
    before = str(caught.value).split(" is at ")[1].split(",")[0]
    edited = with_step(path, step("system", before=before, after="9.9.9"))
    lines = [line for line in difflib.ndiff(text.splitlines(), edited.splitlines()) if line[0] in "+-"]
    assert len(lines) == 2
    assert "9.9.9" in lines[1]


@pytest.mark.parametrize(
    ("text", "target", "message"),
    [
        (STACK, "gone", "has no pool 'gone'"),
        ("config: {}", CONTROL_PLANE, "does not say secure-aks:cluster.kubernetesVersion"),
        ("config: [", CONTROL_PLANE, "is not YAML"),
        (
            STACK.replace("      version: 1", "      version:\t1"),
            "general",
            "line 11: has a tab; write spaces",
        ),
        (STACK.replace("7\n    - {", "7\t# since May\n    - {"), "general", "line 11: has a tab"),
        ("", "system", "has no pool"),
        (STACK.replace('version: "1.34.7"', ""), "system", "does not say the version of pool system"),
        (STACK.replace('version: "1.34.7"', "version: 1.33.1"), "system", "is at 1.33.1"),
    ],
)
def test_what_cannot_be_edited_is_said(tmp_path, text, target, message):
    with pytest.raises(EditError, match=message):
        changed(tmp_path, target, text)


def test_a_file_that_is_replaced_while_it_is_read_is_shown_as_it_was_at_one_time(tmp_path, monkeypatch):
    path = tmp_path / "Pulumi.dev.yaml"
    path.write_text(STACK)

    def read(file):
        found = read_nodes(file)
        file.write_text("config: {}\n")  # what an editor does meanwhile
        return found

    monkeypatch.setattr(edit, "read_nodes", read)
    before, after = edit.before_and_with_step(path, step("general"))
    assert before == STACK
    assert after == STACK.replace(
        "name: general\n      version: 1.34.7", "name: general\n      version: 1.35.7"
    )


def test_a_missing_file_is_said(tmp_path):
    with pytest.raises(EditError, match=r"Pulumi.dev.yaml: cannot be read: No such file"):
        with_step(tmp_path / "Pulumi.dev.yaml", step("system"))


@given(st.text(alphabet=st.characters(blacklist_categories=("Cs", "Cc")), max_size=60))
def test_any_comment_survives(tmp_path_factory, comment):
    path = tmp_path_factory.mktemp("stack") / "Pulumi.dev.yaml"
    path.write_text(f"# {comment}\n{STACK}", encoding="utf-8")
    assert with_step(path, step("general")).startswith(f"# {comment}\n")


def test_the_commit_message_says_what_and_why():
    subject, body = commit_message(step("general"))
    assert subject == "Move pool general of dev to Kubernetes 1.35.7"
    assert "Why now: it is next." in body
    assert commit_message(step(CONTROL_PLANE))[0].startswith("Move the control plane of dev")


def test_an_edit_can_be_made_twice_and_taken_back(tmp_path):
    path = tmp_path / "Pulumi.dev.yaml"
    path.write_text(STACK)
    path.chmod(0o640)
    for _ in range(2):
        make(path, step("general"))
        assert says(path, step("general"))
    take_back(path, step("general"))
    assert path.read_text() == STACK
    assert path.stat().st_mode & 0o777 == 0o640
    assert [p.name for p in tmp_path.iterdir() if p.name != ".upgrades"] == ["Pulumi.dev.yaml"]


# -- files that other tools and people wrote -------------------------------------------------------------------

CLUSTER_LINE = "  secure-aks:cluster: {name: aks, kubernetesVersion: 1.34.7}\n"


def written(tmp_path, text, target="general", name="Pulumi.dev.yaml"):
    path = tmp_path / name
    path.write_bytes(text.encode())
    make(path, step(target))
    return path.read_bytes().decode()


def pools(version_line, more=""):
    return f"config:\n{CLUSTER_LINE}  secure-aks:pools:\n    - name: general\n      {version_line}\n{more}"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("version: 1.34.7", "version: 1.35.7"),
        ("version: &general 1.34.7", "version: &general 1.35.7"),
        ("version: !!str 1.34.7", "version: !!str 1.35.7"),
        ("version: !!str &v '1.34.7'", "version: !!str &v '1.35.7'"),
        ("version:   1.34.7   # 1.34.7 since May", "version:   1.35.7   # 1.35.7 since May"),
        (
            "version: 1.34.7 # not 1.34.70 or 11.34.7, see #7",
            "version: 1.35.7 # not 1.34.70 or 11.34.7, see #7",
        ),
        ("version: 1.34.7 # 1.35.7 comes after 1.34.7", "version: 1.35.7 # 1.35.7 comes after 1.34.7"),
        ("version: 1.34.7 # at 1.34.7.", "version: 1.35.7 # at 1.35.7."),
        ('version: "1.34.7"', 'version: "1.35.7"'),
    ],
)
def test_what_stands_around_a_version_stays_and_the_edit_can_be_taken_back(tmp_path, before, after):
    text = pools(before)
    assert written(tmp_path, text) == text.replace(before, after)
    take_back(tmp_path / "Pulumi.dev.yaml", step("general"))
    assert (tmp_path / "Pulumi.dev.yaml").read_text() == text


@pytest.mark.parametrize(
    "before",
    [
        "version: 1.34.7  # 1.35.7 comes in May",
        "{version: 1.34.7}  # to 1.35.7",
    ],
)
def test_a_spelling_that_an_edit_loses_is_kept_and_put_back_letter_by_letter(tmp_path, before):
    text = (
        pools(before)
        if before[0] != "{"
        else f"config:\n{CLUSTER_LINE}  secure-aks:pools: [{{name: general, {before[1:]}\n]\n"
    )
    text = text.replace("  # to", "]  # to").replace("\n]\n", "\n")
    path = tmp_path / "Pulumi.dev.yaml"
    path.write_text(text)
    kept = edit.lines(path, step("general"))
    make(path, step("general"))
    assert edit.lines(path, step("general")) == {}
    assert says(path, step("general"))
    now = path.read_text()
    take_back(path, step("general"), kept)
    assert path.read_text() == text
    path.write_text(
        now.replace("name: general", "name:  general")
    )  # somebody wrote to the line, or beside it
    take_back(path, step("general"), kept)
    assert not says(path, step("general"))
    assert "name:  general" in path.read_text()


@pytest.mark.parametrize("end", ["\r\n", "\n"])
@pytest.mark.parametrize("start", ["", "\ufeff", "---\n", "# one\n\n"])
def test_line_ends_and_beginnings_stay(tmp_path, end, start):
    text = (start + pools("version: 1.34.7", "    # the end")).replace("\n", end)
    assert written(tmp_path, text) == text.replace("version: 1.34.7", "version: 1.35.7")


def test_a_symlink_stays_one(tmp_path):
    (tmp_path / "shared").mkdir()
    real = tmp_path / "shared" / "stack.yaml"
    real.write_text(STACK)
    (tmp_path / "Pulumi.dev.yaml").symlink_to(real)
    make(tmp_path / "Pulumi.dev.yaml", step("general"))
    assert (tmp_path / "Pulumi.dev.yaml").is_symlink()
    assert "      version: 1.35.7\n" in real.read_text()
    assert [one.name for one in (tmp_path / "shared").iterdir()] == ["stack.yaml"]


SHARED = [
    (pools("version: &v 1.34.7", "    - {name: win, version: *v}\n"), "general", "shared with 1 other place"),
    (pools("version: &v 1.34.7", "    - {name: win, version: *v}\n"), "win", "shared with 1 other place"),
    (
        pools("version: &v 1.34.7", "    - {name: a, version: *v}\n    - {name: b, version: *v}\n"),
        "a",
        "2 other places",
    ),
    (
        "config:\n  base: &base {version: 1.34.7}\n  secure-aks:pools:\n    - {<<: *base, name: general}\n    - {<<: *base, name: win}\n",
        "general",
        "shared with 2 other places",
    ),
    (
        pools("version: |-\n        1.34.7"),
        "general",
        "is a block scalar; write it on the line of its key, as x.y.z",
    ),
    (pools("version: >-\n        1.34.7"), "general", "block scalar"),
    (
        pools("version:\n        !!str\n        1.34.7"),
        "general",
        "goes over several lines; write it on one, as x.y.z",
    ),
    (pools('version: "1\\x2e34.7"'), "general", "write it as it is, x.y.z"),
    (pools('version: !!str "\\u0031.34.7"  # 1.34.7'), "general", "with escapes"),
]


@pytest.mark.parametrize(("text", "target", "words"), SHARED)
def test_what_cannot_be_edited_safely_is_refused_before_the_first_step(tmp_path, text, target, words):
    path = tmp_path / "Pulumi.dev.yaml"
    path.write_text(text)
    [said] = refusals(path, [step(target), step(target, "1.35.7", "1.36.3")])
    assert words in said
    assert said.startswith("Pulumi.dev.yaml: line ")
    with pytest.raises(EditError, match=words):
        make(path, step(target))
    assert path.read_text() == text


def test_a_file_that_is_not_utf_8_is_said(tmp_path):
    path = tmp_path / "Pulumi.dev.yaml"
    path.write_bytes("config: {a: \xe9}".encode("latin-1"))
    with pytest.raises(EditError, match="is not UTF-8"):
        with_step(path, step("general"))


LINES = st.sampled_from(
    [
        "# a comment with 1.34.7",
        "",
        "  secure-aks:tags: {a: '1.34.7', b: \"x # y\"}",
        "  secure-aks:network: &net {addressSpace: 10.0.0.0/8}",
        "  other: *net",
        "  text: |",
        "    version: 1.34.7",
        "  quoted: 'it''s 1.34.7'",
    ]
)


@given(st.lists(LINES, max_size=8), st.sampled_from([CONTROL_PLANE, "general", "win"]), st.booleans())
def test_whatever_stands_in_the_file_one_version_differs_or_it_is_refused(
    tmp_path_factory, lines, target, crlf
):
    folder = tmp_path_factory.mktemp("stack")
    text = (
        "\n".join(
            [
                "config:",
                *lines,
                *pools("version: 1.34.7", "    - {name: win, version: 1.34.7}").splitlines()[1:],
            ]
        )
        + "\n"
    )
    text = text.replace("\n", "\r\n") if crlf else text
    path = folder / "Pulumi.dev.yaml"
    path.write_bytes(text.encode())
    try:
        make(path, step(target))
    except EditError:
        assert path.read_bytes().decode() == text
        return
    now = path.read_bytes().decode()
    differ = [(old, new) for old, new in zip(text.split("\n"), now.split("\n"), strict=True) if old != new]
    assert len(differ) == 1
    assert differ[0][1] == differ[0][0].replace("1.34.7", "1.35.7")
    take_back(path, step(target))
    assert path.read_bytes().decode() == text


def everything(*others):
    pools = (Pool("system", v("1.34.7")), Pool("general", v("1.34.7")), Pool("win", v("1.34.7")), *others)
    return replace(step(WHOLE), whole=pools)


def test_a_whole_cluster_changes_every_line_at_once_and_back(tmp_path):
    path = tmp_path / "Pulumi.dev.yaml"
    path.write_text(STACK)
    make(path, everything())
    assert path.read_text() == STACK.replace("1.34.7", "1.35.7")
    assert says(path, everything())
    take_back(path, everything())
    assert path.read_text() == STACK


def test_lines_that_say_it_already_stay(tmp_path):
    path = tmp_path / "Pulumi.dev.yaml"
    path.write_text(STACK.replace("{version: '1.34.7'", "{version: '1.35.7'"))
    assert not says(path, everything())
    make(path, everything())
    assert path.read_text() == STACK.replace("1.34.7", "1.35.7")


@pytest.mark.parametrize(
    ("text", "others", "said"),
    [
        (STACK.replace("{version: '1.34.7'", "{version: '1.34.6'"), (), "win is at 1.34.6"),
        (STACK, (Pool("gone", v("1.34.7")),), "has no pool 'gone'"),
    ],
)
def test_one_line_that_cannot_change_leaves_all_of_them(tmp_path, text, others, said):
    path = tmp_path / "Pulumi.dev.yaml"
    path.write_text(text)
    with pytest.raises(EditError, match=said):
        make(path, everything(*others))
    assert path.read_text() == text
