"""A stack's outputs hold the record in lines, and give it back."""

from __future__ import annotations

import json
import string
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from secure_aks_lifecycle.stack.outputs import as_outputs, from_outputs
from secure_aks_lifecycle.stack.record import parse_versions

from tests.lifecycle.builders import recorded

names = st.text(string.ascii_letters + string.digits + " -_.:,'\"{}[]#&*!|>%@äß", min_size=1, max_size=12)
values = st.one_of(st.none(), st.booleans(), st.integers(0, 999), names, st.lists(names, max_size=3))
since = st.sampled_from(["2026-11-23T00:00:00+00:00", "2026-09-01T12:00:00+00:00"])
runs = st.lists(st.fixed_dictionaries({"version": names, "since": since, "until": since}), max_size=3)
entry = st.fixed_dictionaries({"version": names, "since": since}, optional={"earlier": runs})
pool = st.builds(
    lambda shape, running: {**shape, **running},
    st.fixed_dictionaries({"osType": names, "fixed": st.dictionaries(names, values, max_size=3)}),
    entry,
)
team = st.fixed_dictionaries({"namespace": names, "groups": st.lists(names, max_size=3)})
cluster = st.fixed_dictionaries(
    {
        "controlPlane": entry,
        "pools": st.dictionaries(names, pool, max_size=3),
        "fixed": st.dictionaries(names, values, max_size=3),
        "nodeOsChannel": names,
        "teams": st.dictionaries(names, team, min_size=1, max_size=3),
    }
)


@given(st.dictionaries(names, cluster, min_size=1, max_size=2))
def test_what_is_written_is_read_back(clusters: dict[str, Any]) -> None:
    record = {"schema": 1, "clusters": clusters}
    versions, shape = json.loads(json.dumps(as_outputs(record)))
    assert from_outputs({"versions": versions, "shape": shape, "cluster": {}}) == record


def test_a_record_of_before_is_read_as_it_is() -> None:
    before = recorded("1.35.6", system="1.35.6")
    assert from_outputs({"versions": before}) == before


@pytest.mark.parametrize("outputs", [None, {}, {"cluster": {"id": "x"}}, "text"])
def test_without_outputs_there_is_no_record(outputs: Any) -> None:
    assert from_outputs(outputs) is None


@pytest.mark.parametrize(
    ("versions", "said"),
    [
        ({"schema": 3, "clusters": {}}, "is 3, and this pack knows 1"),
        ("text", "versions: is not a mapping"),
        ({"schema": 2, "clusters": {"aks": {"controlPlane": "{no: end", "pools": {}}}}, "controlPlane"),
        ({"schema": 2, "clusters": {"aks": {"pools": {"general": "[1, 2]"}}}}, "controlPlane"),
        (
            {
                "schema": 2,
                "clusters": {"aks": {"controlPlane": "{version: 1.35.6}", "pools": {"general": "[1]"}}},
            },
            "pools.general: is not a mapping",
        ),
    ],
)
def test_what_cannot_be_read_is_named(versions: Any, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        parse_versions(from_outputs({"versions": versions}))
