"""`python -m upgrades windows`: what it says of the shipped stacks, and of one that cannot do what it wants."""

import json
import re
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path

import pytest

from settings.reading.load import load_file
from tests import command_line
from tests.settings.helpers import GONE, good
from upgrades.windows.passes import kured_pass
from upgrades.windows.view import view

ROOT = Path(__file__).parents[2]
NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)


@pytest.fixture
def project(tmp_path):
    return command_line.stack_files(tmp_path)


def windows(project, *words, clock="2026-11-23", code=0):
    ended, said = command_line.upgrades(project, "windows", *words, clock=clock, columns=200)
    assert ended == code, said
    return said


def test_every_stack_as_text(project):
    said = windows(project)
    assert [line.split()[0] for line in said.splitlines() if "  mode " in line] == ["dev", "prod", "staging"]
    assert "not Mon Tue Wed Thu 01:00-05:00 +01:00" in said  # between the years
    assert "A pass over 78 nodes at most, 1 at once" in said
    assert "warning: a pass over 78 nodes, 1 at once, cannot finish inside one opening of 4 h" in said
    assert "no OS updates come by themselves to win (mode kured)" in said
    assert "`./secure-aks upgrades images --stack " in " ".join(said.split())


def test_the_clocks_change(project):
    said = windows(project, "--stack", "prod", clock="2027-03-15")
    assert re.findall(r"(\S+) to (\S+)  Mon Tue Wed Thu 01:00-05:00 \+(\d\d):00", said) == [
        ("2027-03-15", "2027-03-28", "01"),
        ("2027-03-29", "2027-05-09", "02"),
    ]
    assert "2027-03-15 to 2027-05-09  daily 22:00-06:00 +01:00" in said  # Azure's do not
    assert "(then" not in said


def test_an_opening_in_which_the_clocks_change_says_so(project):
    path = project / "Pulumi.prod.yaml"
    path.write_text(re.sub(r"(?m)^      days: \[mo, .*$", "      days: [su]", path.read_text()))
    said = windows(project, "--stack", "prod", clock="2027-03-15")
    assert "2027-03-22 to 2027-03-28  Sun 01:00-05:00 +01:00 (then +02:00)" in said


def test_weeks_that_are_alike_are_one_row_and_one_without_an_opening_is_shown(project):
    path = project / "Pulumi.prod.yaml"
    every = "weekly: {day: Saturday, everyWeeks: 2}, startDate: 2026-11-28"
    path.write_text(path.read_text().replace("weekly: {day: Saturday}", every))
    said = windows(project, "--stack", "prod", "--weeks", "3", clock="2026-11-23")
    assert "\nreleases\n  2026-11-16 to 2026-11-22  -\n  2026-11-23 to 2026-12-13  Sun 08:00" in said
    upgrades = said.partition("\nupgrades\n")[2].partition("\nnodeOs\n")[0]
    assert upgrades.splitlines() == [
        "  2026-11-16 to 2026-11-22  -",
        "  2026-11-23 to 2026-11-29  Sat 08:00-16:00 +01:00",
        "  2026-11-30 to 2026-12-06  -",
        "  2026-12-07 to 2026-12-13  Sat 08:00-16:00 +01:00",
    ]


def test_json_is_the_same_in_numbers(project):
    data = json.loads(windows(project, "--stack", "prod", "--stack", "dev", "--weeks", "2", "--json"))
    prod, dev = data["stacks"]
    assert (data["weeks"], prod["stack"], prod["mode"], prod["channel"]) == (2, "prod", "kured", "Unmanaged")
    reboots = [one for one in prod["openings"] if one["kind"] == "reboots"]
    assert len(reboots) == 8
    assert reboots[0] == {
        "kind": "reboots",
        "begin": "2026-11-23T00:00:00+00:00",
        "end": "2026-11-23T04:00:00+00:00",
        "allowed": True,
    }
    assert (prod["pass"]["nodes"], prod["pass"]["atOnce"], prod["pass"]["openingMinutes"]) == (78, 1, 240)
    assert dev["pass"]["openings"]["expected"] == 1
    assert dev["warnings"] == []


def test_a_stack_that_is_not_there(project):
    assert "Pulumi.test.yaml: does not exist" in windows(project, "--stack", "test", code=1)


def test_a_stack_file_that_is_refused(project):
    path = project / "Pulumi.prod.yaml"
    path.write_text(path.read_text().replace('endTime: "05:00"', 'endTime: "09:00"'))
    assert "when the node OS window is closed" in windows(project, "--stack", "prod", code=1)


def test_shipped_stacks_are_read_as_they_are():
    for name in ("dev", "staging", "prod"):
        settings = load_file(ROOT / f"Pulumi.{name}.yaml")
        said = view(name, settings, NOW, 8)
        assert said.whole
        assert said.whole.nodes == sum(
            pool.max_nodes for pool in settings.all_pools if pool.is_linux or said.mode != "kured"
        )


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"nodeUpdates": {"mode": "node-image"}, "environment": "dev", "maintenance.nodeOs": GONE}, "AKS replaces nodes at any time"),
        ({"nodeUpdates": {"mode": "none"}, "environment": "dev", "maintenance.nodeOs": GONE}, "no OS updates come by themselves to system, general, spot, win, sandbox"),
        ({"maintenance.upgrades.weekly.everyWeeks": 2}, "upgrades has a rhythm and no startDate"),
        ({"maintenance.upgrades.startDate": "2027-06-01"}, "upgrades does not open within 8 weeks"),
        ({"maintenance.notAllowed": [{"start": "2026-11-01", "end": "2027-02-01"}]}, "reboots does not open within 8 weeks"),
    ],
)  # fmt: skip
def test_what_it_warns_of(changes, words):
    said = view("x", good(changes), NOW, 8)
    assert any(words in warning for warning in said.warnings), said.warnings


def test_what_fits_is_not_warned_of():
    small = {f"pools[{n}].autoscaling": {"min": 1, "max": 1} for n in (0, 1, 3)} | {
        "systemPool.autoscaling": {"min": 2, "max": 2},
        "nodeUpdates.kured.concurrency": 2,
    }
    said = view("x", good(small), NOW, 8)
    assert not any("cannot finish" in warning for warning in said.warnings)
    slower = view("x", good(small | {"nodeUpdates.kured.concurrency": 1}), NOW, 8)
    assert any("may not finish inside one opening of 4 h" in warning for warning in slower.warnings)


def test_more_at_once_is_never_slower():
    kured = good().node_updates.kured
    assert kured
    passes = [
        kured_pass(kured.model_copy(update={"concurrency": number}), 24, 240)
        for number in (1, 2, 3, 4, 8, 24)
    ]
    for one, other in pairwise(passes):
        assert other.whole.expected <= one.whole.expected
        assert other.whole.longest <= one.whole.longest
        assert one.openings
        assert other.openings
        assert other.openings <= one.openings
