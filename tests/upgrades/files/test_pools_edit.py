"""Edits of the list of pools: exactly one pool comes, is emptied or goes; what cannot be sure of that is refused."""

from __future__ import annotations

import difflib
import io

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from ruamel.yaml import YAML

from upgrades.files.own_lines import with_lines
from upgrades.files.pools_edit import make_move, new_entry, says_move, with_move
from upgrades.files.yaml_nodes import EditError
from upgrades.model.moves import Kind, Move

STACK = """\
# A comment that stays.
config:
  secure-aks:systemPool: {name: system, version: 1.35.5}
  secure-aks:pools:
    # For the web.
    - name: general
      version: 1.35.5  # today's
      autoscaling: {min: 1, max: 4}
      labels:
        tier: "yes"

    # For batches.
    - {name: batch, version: 1.35.5, count: 3, subnet: 10.0.1.0/24}
  secure-aks:location: westeurope
"""


def of(kind, old="general", **values):
    return Move(kind, old, f"{old}2", values)


def differs(tmp_path, move, text=STACK):
    path = tmp_path / "Pulumi.dev.yaml"
    path.write_bytes(text.encode())
    edited = with_move(path, move)
    return [line for line in difflib.ndiff(text.splitlines(), edited.splitlines()) if line[0] in "+-"], edited


def test_a_pool_comes_right_after_the_old_one(tmp_path):
    lines, edited = differs(tmp_path, of(Kind.ADD, vmSize="Standard_D8ds_v5", zones=["1", "2"]))
    assert lines == [
        "+     - name: general2",
        "+       version: 1.35.5",
        "+       autoscaling: {min: 1, max: 4}",
        '+       labels: {tier: "yes"}',
        "+       vmSize: Standard_D8ds_v5",
        '+       zones: ["1", "2"]',
    ]
    assert edited.index("general2") < edited.index("# For batches.")


def test_what_is_one_pools_alone_is_not_copied_and_none_takes_a_key_away(tmp_path):
    lines, _ = differs(tmp_path, of(Kind.ADD, "batch", count=None))
    assert lines == ["+     - name: batch2", "+       version: 1.35.5"]


@pytest.mark.parametrize(
    ("pool", "gone", "come"),
    [
        ("general", "      autoscaling: {min: 1, max: 4}", "      count: 0"),
        (
            "batch",
            "    - {name: batch, version: 1.35.5, count: 3, subnet: 10.0.1.0/24}",
            "    - {name: batch, version: 1.35.5, count: 0, subnet: 10.0.1.0/24}",
        ),
    ],
)
def test_a_pool_is_left_without_nodes(tmp_path, pool, gone, come):
    lines, _ = differs(tmp_path, of(Kind.EMPTY, pool))
    assert [line for line in lines if line[0] == "-"] == [f"- {gone}"]
    assert [line for line in lines if line[0] == "+"] == [f"+ {come}"]


def test_a_pool_goes_and_the_comment_above_it_stays(tmp_path):
    lines, edited = differs(tmp_path, of(Kind.REMOVE))
    assert [line[2:] for line in lines] == STACK.splitlines()[5:10]
    assert "# For the web." in edited
    lines, _ = differs(tmp_path, of(Kind.REMOVE, "batch"))
    assert [line[2:] for line in lines] == [STACK.splitlines()[12]]


def test_line_ends_stay_and_so_does_a_symlink(tmp_path):
    real, path = tmp_path / "real.yaml", tmp_path / "Pulumi.dev.yaml"
    path.symlink_to(real)
    real.write_bytes(STACK.replace("\n", "\r\n").encode())
    for kind in (Kind.ADD, Kind.EMPTY, Kind.REMOVE):
        assert not says_move(path, of(kind))
        make_move(path, of(kind))
        assert says_move(path, of(kind))
        make_move(path, of(kind))  # written once
        written = real.read_bytes()
        assert written.count(b"\n") == written.count(b"\r\n")
    assert path.is_symlink()
    assert b"name: general2\r\n" in real.read_bytes()
    assert b"name: general\r\n" not in real.read_bytes()


def test_words_that_another_yaml_takes_for_something_else_are_quoted(tmp_path):
    lines, _ = differs(tmp_path, of(Kind.ADD, "batch", osSku="Yes", vmSize="OFF", mode="N"))
    assert [line[2:].strip() for line in lines[-3:]] == ['osSku: "Yes"', 'vmSize: "OFF"', 'mode: "N"']


def test_a_pool_comes_after_the_last_line_of_a_file_that_has_no_end(tmp_path):
    text = "config:\n  secure-aks:pools:\n    - name: general"
    assert differs(tmp_path, of(Kind.ADD), text)[1] == f"{text}\n    - name: general2\n"


def test_a_range_of_one_cluster_of_several_is_not_written_to_the_list_that_all_share():
    old = {"name": "general", "count": 3}
    values = {"subnet": "10.0.9.0/24", "count": 4}
    assert new_entry(old, Move(Kind.ADD, "general", "g2", values, "blue")) == {"name": "g2", "count": 4}
    assert new_entry(old, Move(Kind.ADD, "general", "g2", values))["subnet"] == "10.0.9.0/24"


@pytest.mark.parametrize(
    ("said", "left"),
    [("{general: 1, web: 2}", "{web: 2}"), ("{web: 2, general: 1}", "{web: 2}"), ("{general: 1}", "{}")],
)
def test_a_line_in_braces_goes_with_its_comma(tmp_path, said, left):
    text = f"config:\n  secure-aks:clusters:\n    blue:\n      poolVersions: {said}\n"
    move = Move(Kind.REMOVE, "general", "general2", {}, "blue")
    assert with_lines(tmp_path / "Pulumi.dev.yaml", text, move) == text.replace(said, left)


ANCHORED = """\
config:
  secure-aks:pools:
    - &general
      name: general
      autoscaling: &scale {min: 1, max: 4}
    - <<: *general
      name: web
    - {name: batch, autoscaling: *scale}
"""


@pytest.mark.parametrize(
    ("move", "text", "words"),
    [
        (of(Kind.EMPTY), ANCHORED, "shares an anchor"),
        (of(Kind.REMOVE), ANCHORED, "shares an anchor"),
        (of(Kind.EMPTY, "web"), ANCHORED, "write it out there"),
        (of(Kind.EMPTY, "batch"), ANCHORED, "write it out there"),
        (of(Kind.ADD), "config: {'secure-aks:pools': [{name: general}]}\n", "written in brackets"),
        (of(Kind.ADD, "gone"), STACK, "has no pool 'gone'"),
        (of(Kind.ADD), "config: [\n", "is not YAML"),
    ],
)
def test_what_cannot_be_edited_safely_is_refused(tmp_path, move, text, words):
    with pytest.raises(EditError, match=words):
        differs(tmp_path, move, text)


def test_an_anchor_of_the_old_pool_is_no_anchor_of_the_new(tmp_path):
    lines, edited = differs(tmp_path, of(Kind.ADD), ANCHORED)
    assert lines == ["+     - name: general2", "+       autoscaling: {min: 1, max: 4}"]
    assert edited.count("&scale") == 1


TEXTS = st.text(
    st.characters(codec="utf-8", exclude_categories=("Cc", "Cs", "Zl", "Zp", "Cn", "Co")), max_size=8
)
VALUES = st.recursive(
    TEXTS | st.booleans() | st.integers(-99, 99),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3),
    max_leaves=6,
)


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(values=st.dictionaries(st.from_regex(r"[a-z][A-Za-z]{2,8}", fullmatch=True), VALUES, max_size=4))
def test_whatever_a_pool_says_its_copy_says_and_the_rest_stays(tmp_path, values):
    values.pop("name", None)
    move = of(Kind.ADD, **values)
    _, edited = differs(tmp_path, move)
    read = YAML(typ="safe", pure=True).load(io.StringIO(edited))["config"]["secure-aks:pools"]
    assert read[1] == new_entry(read[0], move)
    (tmp_path / "Pulumi.dev.yaml").write_text(edited)
    assert with_move(tmp_path / "Pulumi.dev.yaml", Move(Kind.REMOVE, "general2", "")) == STACK
