"""The ignore file: what it lets pass until its day, and what of it is refused."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from tests.upgrades.gates.test_gates import BARE, BEFORE_STATE, POOL, gate
from upgrades.gates.base import Finding, Verdict
from upgrades.gates.ignore import Ignore, IgnoreFileError, apply, load

ON = date(2026, 8, 1)
GOOD = """
- gate: POD002
  resource: pod shop/*
  reason: a debugging pod, ends with the week
  until: 2026-08-07
"""


def test_an_ignored_finding_passes_until_its_day_and_stays_visible(tmp_path):
    (tmp_path / "ignore.yaml").write_text(GOOD)
    ignores = load(tmp_path / "ignore.yaml", ON)
    result = gate("POD002").run(replace(BEFORE_STATE, pods=(BARE,)), POOL)
    passed = apply(result, ignores, date(2026, 8, 7))
    assert (passed.verdict, passed.stops) == (Verdict.IGNORED, False)
    assert [f.resource for f in passed.ignored] == [f.resource for f in result.findings]
    assert passed.ignored[0].remedy == "accepted until 2026-08-07: a debugging pod, ends with the week"
    assert apply(result, ignores, date(2026, 8, 8)) == result


def test_an_ignore_of_another_gate_covers_nothing():
    ignore = Ignore(
        gate="POD001", resource="pod shop/*", reason="a long enough reason", until=date(2026, 9, 1)
    )
    result = gate("POD002").run(replace(BEFORE_STATE, pods=(BARE,)), POOL)
    assert apply(result, (ignore,), ON) == result


def test_an_ignore_covers_only_what_it_names():
    ignore = Ignore(
        gate="POD002", resource="pod shop/*", reason="a long enough reason", until=date(2026, 9, 1)
    )
    other = replace(BARE, namespace="pay")
    result = gate("POD002").run(replace(BEFORE_STATE, pods=(BARE, other)), POOL)
    left = apply(result, (ignore,), date(2026, 8, 1))
    assert [finding.resource for finding in left.findings] == ["pod pay/tool"]
    assert left.stops


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("POD002", "POD999", r":2: \[0\].gate: no gate has the code 'POD999'"),
        (
            "pod shop/*",
            '"*"',
            r":3: \[0\].resource: a bare wildcard would exempt everything; name the resource",
        ),
        ("pod shop/*", '"pod *"', r":3: \[0\].resource: a bare wildcard"),
        (
            "pod shop/*",
            '"pod */*"',
            r":3: \[0\].resource: the pattern '\*/\*' would exempt nearly everything",
        ),
        ("pod shop/*", "pod [a-z]*", r":3: \[0\].resource: '\[a-z\]\*' is no pattern"),
        (
            "pod shop/*",
            "pod " + "*a" * 100_000,
            r":3: \[0\].resource: the pattern has more than 1000 characters",
        ),
        (
            "2026-08-07",
            "2027-08-03",
            r":5: \[0\].until: 2027-08-03 is more than a year away.*; write 2027-08-02 or earlier",
        ),
        ("2026-08-07", "9999-12-31", r":5: \[0\].until: nobody plans for 9999-12-31"),
        ("2026-08-07", "0001-01-01", r":5: \[0\].until: nobody plans for 0001-01-01"),
        ("2026-08-07", "1", r":5: \[0\].until: 1 is not a day of the calendar"),
        ("a debugging pod, ends with the week", "short", ":4: .*at least 10 characters"),
        ("2026-08-07", "someday", r":5: \[0\].until"),
        (
            "reason:",
            "because:",
            r":4: \[0\].because: there is no such key; write `gate`, `reason`, `resource` or `until`",
        ),
        (GOOD, "a: b", ":1: is not a list"),
        (GOOD, "{}", ":1: is not a list"),
        (GOOD, "[", ":[12]: it is not YAML: "),
        (GOOD, "[" * 500, ":1: it is nested more than 40 levels deep"),
        (GOOD, "&a [*a]", ":1: the alias .a stands for something that it is part of"),
        (GOOD, "- !!set [a]", ":1: the tag !!set"),
        (GOOD, "- {1: x}", ":1: the key 1 is a number"),
        (GOOD, "- x\x00y", ":1: it holds the character U\\+0000"),
        ("reason:", "because:", r":2: \[0\].reason: this key is required; add `reason`: why it may stay"),
        ("pod shop/*", "3", r":3: \[0\].resource: it is a number; write the finding's resource"),
        (GOOD, "- 3", r":1: \[0\]: it is a number; write a mapping of gate, resource, reason, until"),
        (GOOD, "-", r":1: \[0\]: it is empty; write a mapping of gate"),
    ],
)
def test_a_bad_ignore_file_is_refused_with_its_line(tmp_path, old, new, message):
    path = tmp_path / "ignore.yaml"
    path.write_text(GOOD.replace(old, new))
    with pytest.raises(IgnoreFileError, match=f"(?m)^ignore.yaml{message}"):
        load(path, ON)


def test_an_ignore_file_that_cannot_be_read_is_refused(tmp_path):
    (tmp_path / "folder.yaml").mkdir()
    (tmp_path / "latin.yaml").write_bytes("- ä".encode("latin-1"))
    (tmp_path / "dangling.yaml").symlink_to("nowhere")
    for name, why in (("folder", "it is a folder"), ("latin", "not UTF-8"), ("dangling", "No such file")):
        with pytest.raises(IgnoreFileError, match=f"^{name}.yaml.*{why}"):
            load(tmp_path / f"{name}.yaml", ON)


def test_a_pattern_of_the_ignore_file_does_not_run_away():
    ignore = Ignore(
        gate="POD002", resource="a*" * 40 + "b", reason="a long enough reason", until=date(2026, 9, 1)
    )
    assert not ignore.covers("POD002", Finding("a" * 200, "why", "remedy"), date(2026, 8, 1))


def test_no_file_ignores_nothing(tmp_path):
    assert load(tmp_path / "ignore.yaml", ON) == ()
