"""Which versions a stack runs, and since when."""

from datetime import UTC, datetime

import pulumi
import pytest
from secure_aks_lifecycle.record import Run as Past
from secure_aks_lifecycle.record import Version, parse_versions

from components.version_record import KEPT, VersionRecord, VersionRecordArgs, entry
from tests.components.helpers import run

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
TODAY = "2026-11-23T12:00:00+00:00"
LAST_WEEK = "2026-11-16T12:00:00+00:00"
LONG_AGO = "2026-09-01T12:00:00+00:00"


def test_a_version_that_was_never_seen_begins_now():
    assert entry("1.35.6", TODAY, None) == {"version": "1.35.6", "since": TODAY}


def test_an_unchanged_version_keeps_its_beginning_and_its_past():
    last = {
        "version": "1.35.6",
        "since": LAST_WEEK,
        "earlier": [{"version": "1.34.9", "since": LONG_AGO, "until": LAST_WEEK}],
    }

    assert entry("1.35.6", TODAY, last) == last


def test_a_changed_version_begins_now_and_the_old_one_joins_the_past():
    last = {
        "version": "1.35.6",
        "since": LAST_WEEK,
        "earlier": [{"version": "1.34.9", "since": LONG_AGO, "until": LAST_WEEK}],
    }

    assert entry("1.36.2", TODAY, last) == {
        "version": "1.36.2",
        "since": TODAY,
        "earlier": [{"version": "1.35.6", "since": LAST_WEEK, "until": TODAY}, *last["earlier"]],
    }


def test_the_past_is_bounded():
    last = None
    for patch in range(KEPT + 5):
        last = entry(f"1.35.{patch}", TODAY, last)

    assert [run["version"] for run in last["earlier"]] == [f"1.35.{KEPT + 3 - n}" for n in range(KEPT)]


@pytest.mark.parametrize("junk", ["1.35.6", [], 7, {}, {"version": "1.35.6"}])
def test_an_output_of_another_shape_counts_as_none(junk):
    assert entry("1.35.6", TODAY, junk) == {"version": "1.35.6", "since": TODAY}


@pytest.fixture
def record(pool_settings):
    def make(last=None, control_plane="1.35.6", **pools):
        settings = [pool_settings(name=name, version=version) for name, version in pools.items()]

        def program():
            versions = {pool.name: pulumi.Output.from_input(str(pool.version)) for pool in settings}
            args = VersionRecordArgs(
                "aks-test", pulumi.Output.from_input(control_plane), settings, versions, NOW
            )
            pulumi.export("versions", VersionRecord("versions", args).versions)

        return run(program, last_outputs={} if last is None else {"versions": last})

    return make


def test_record_has_the_shape_that_the_lifecycle_pack_reads(record):
    first = record(general="1.35.5").stack_outputs["versions"]
    second = record(last=first, control_plane="1.36.2", general="1.35.6").stack_outputs["versions"]
    cluster = parse_versions(second)["aks-test"]

    assert cluster.control_plane == Version.parse("1.36.2")
    assert cluster.runs == (Past(Version.parse("1.36.2"), NOW), Past(Version.parse("1.35.6"), NOW, NOW))
    assert cluster.pools["general"].version == Version.parse("1.35.6")
    assert (cluster.pools["general"].os_sku, cluster.pools["general"].os_type) == ("Ubuntu2404", "Linux")
    assert cluster.pools["general"].mode == "User"


def test_beginnings_come_from_the_stacks_own_last_outputs(record):
    pools = {
        "general": {"version": "1.35.6", "since": LAST_WEEK},
        "gone": {"version": "1.35.6", "since": LAST_WEEK},
    }
    last = {
        "schema": 1,
        "clusters": {"aks-test": {"controlPlane": {"version": "1.35.6", "since": LONG_AGO}, "pools": pools}},
    }
    done = record(last=last, general="1.35.6", fresh="1.35.6")
    cluster = done.stack_outputs["versions"]["clusters"]["aks-test"]

    assert cluster["controlPlane"]["since"] == LONG_AGO
    assert {name: pool["since"] for name, pool in cluster["pools"].items()} == {
        "general": LAST_WEEK,
        "fresh": TODAY,
    }
    (reference,) = done.reads
    assert reference.id == "organization/secure-aks/dev"
    assert reference.parent == done.one(":VersionRecord").urn


@pytest.mark.parametrize("junk", ["text", {"clusters": None}, {"clusters": {"aks-test": 3}}])
def test_last_outputs_of_another_shape_count_as_none(record, junk):
    cluster = record(last=junk, general="1.35.6").stack_outputs["versions"]["clusters"]["aks-test"]

    assert cluster["controlPlane"] == {"version": "1.35.6", "since": TODAY}
