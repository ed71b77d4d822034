"""Which versions a stack runs, and since when."""

from datetime import datetime
from typing import Any

import pulumi
import pytest
from pulumi.output import Unknown
from pulumi_azure_native.resources import ResourceGroup
from secure_aks_lifecycle.stack.outputs import from_outputs
from secure_aks_lifecycle.stack.record import Run as Past
from secure_aks_lifecycle.stack.record import Version, parse_versions

from components.versions.version_record import KEPT, VersionRecord, VersionRecordArgs, entry, record
from tests.components.helpers import run

TODAY = "2026-11-23T12:00:00+00:00"
NOW = datetime.fromisoformat(TODAY)
LAST_WEEK = "2026-11-16T12:00:00+00:00"
LONG_AGO = "2026-09-01T12:00:00+00:00"


def current(version):
    return {"version": version, "mode": "User"}


def test_a_version_that_was_never_seen_begins_now():
    assert entry(current("1.35.6"), None, TODAY) == {"version": "1.35.6", "mode": "User", "since": TODAY}


def test_an_unchanged_version_keeps_its_beginning_and_its_past():
    past = [{"version": "1.34.9", "since": LONG_AGO, "until": LAST_WEEK}]
    last = {"version": "1.35.6", "since": LAST_WEEK, "earlier": past}

    assert entry(current("1.35.6"), last, TODAY) == {**last, "mode": "User"}


def test_a_changed_version_begins_now_and_the_old_one_joins_the_past():
    past = [{"version": "1.34.9", "since": LONG_AGO, "until": LAST_WEEK}]
    last = {"version": "1.35.6", "since": LAST_WEEK, "earlier": past}

    assert entry(current("1.36.2"), last, TODAY) == {
        "version": "1.36.2",
        "mode": "User",
        "since": TODAY,
        "earlier": [{"version": "1.35.6", "since": LAST_WEEK, "until": TODAY}, *past],
    }


def test_the_past_is_bounded():
    last: dict[str, Any] = {}
    for patch in range(KEPT + 5):
        last = entry(current(f"1.35.{patch}"), last, TODAY)

    assert [run["version"] for run in last["earlier"]] == [f"1.35.{KEPT + 3 - n}" for n in range(KEPT)]


@pytest.mark.parametrize("junk", ["1.35.6", [], 7, {}, {"version": "1.35.6"}, {"since": LAST_WEEK}])
def test_an_entry_of_another_shape_counts_as_none(junk):
    assert entry(current("1.35.6"), junk, TODAY)["since"] == TODAY


@pytest.mark.parametrize("junk", ["text", {"clusters": None}, {"clusters": {"aks-test": 3}}])
def test_outputs_of_another_shape_count_as_none(junk):
    versions = {"schema": 1, "clusters": {"aks-test": {"controlPlane": current("1.35.6"), "pools": {}}}}

    assert record(versions, junk, TODAY)["clusters"]["aks-test"]["controlPlane"]["since"] == TODAY


def versions(control_plane, **pools):
    entries = {
        name: {"version": version, "osSku": "Ubuntu2404", "osType": "Linux"}
        for name, version in pools.items()
    }
    cluster = {
        "controlPlane": {"version": control_plane},
        "pools": entries,
        "fixed": {"location": "westeurope"},
    }
    return {"schema": 1, "clusters": {"aks-test": cluster}}


def test_record_has_the_shape_that_the_lifecycle_pack_reads():
    first = record(versions("1.35.6", general="1.35.5"), None, LAST_WEEK)
    second = record(versions("1.36.2", general="1.35.5", fresh="1.36.2"), first, TODAY)
    cluster = parse_versions(second)["aks-test"]
    since, now = datetime.fromisoformat(LAST_WEEK), datetime.fromisoformat(TODAY)

    assert cluster.runs == (Past(Version.parse("1.36.2"), now), Past(Version.parse("1.35.6"), since, now))
    assert cluster.pools["general"].runs == (Past(Version.parse("1.35.5"), since),)
    assert cluster.pools["fresh"].runs == (Past(Version.parse("1.36.2"), now),)
    assert (cluster.pools["general"].os_sku, cluster.fixed) == ("Ubuntu2404", {"location": "westeurope"})


def test_a_pool_that_is_gone_is_forgotten():
    before = record(versions("1.35.6", general="1.35.6", old="1.35.6"), None, LAST_WEEK)

    assert set(
        record(versions("1.35.6", general="1.35.6"), before, TODAY)["clusters"]["aks-test"]["pools"]
    ) == {"general"}


def test_component_records_now():
    def program():
        previous = pulumi.Output.from_input(record(versions("1.35.6"), None, LAST_WEEK))
        VersionRecord("versions", VersionRecordArgs(versions("1.36.2"), previous, [], NOW))

    done = run(program)
    recorded = from_outputs(done.outputs[done.one(":VersionRecord").urn])

    assert recorded["clusters"]["aks-test"]["controlPlane"] == {
        "version": "1.36.2",
        "since": TODAY,
        "earlier": [{"version": "1.35.6", "since": LAST_WEEK, "until": TODAY}],
    }


def test_nothing_is_recorded_before_azure_runs_it():
    def program():
        pool = ResourceGroup("stands-for-a-pool")
        args = VersionRecordArgs(versions("1.36.2"), pulumi.Output.from_input(None), [pool.id], NOW)
        VersionRecord("versions", args)

    # In a preview a resource that is to be created has no id yet.
    done = run(program, dry_run=True)

    assert isinstance(done.outputs[done.one(":VersionRecord").urn]["versions"], Unknown)
