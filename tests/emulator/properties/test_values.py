"""Values on the wire and in providers' hands."""

import copy

import pytest
from google.protobuf.struct_pb2 import Struct
from hypothesis import given, settings
from hypothesis import strategies as st

from emulator.plugins.base import child_path, diff_values
from emulator.properties.values import UNKNOWN, Secret, has_secret, has_unknown, mark_secrets, mask, reveal
from emulator.properties.wire import OUTPUT, RESOURCE, SIGNATURE, UNKNOWN_STRING, from_struct, to_struct

KEYS = st.text("abcXYZ09._-$\"'", min_size=1, max_size=6)
PLAIN = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.floats(-1e6, 1e6) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=3),
    max_leaves=12,
)
VALUES = st.recursive(
    PLAIN | st.just(UNKNOWN) | PLAIN.map(Secret),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=3),
    max_leaves=12,
)


def same(a, b):
    return diff_values(reveal(a), reveal(b)) == {} or a is b is UNKNOWN


@settings(deadline=None)
@given(st.dictionaries(KEYS, VALUES, max_size=4))
def test_the_wire_brings_back_what_was_sent(props):
    back = from_struct(to_struct(props))
    assert mask(back) == mask(props)
    assert list(back) == sorted(props)


@settings(deadline=None)
@given(st.dictionaries(KEYS, VALUES, max_size=4))
def test_revealing_leaves_no_secret_and_marking_brings_them_back(props):
    plain = reveal(props)
    assert not has_secret(plain)
    again = mark_secrets(plain, props)
    assert reveal(again) == plain
    for key, value in props.items():
        assert has_secret(again[key]) == has_secret(value)


def test_special_values_of_the_wire():
    sent = Struct()
    sent.update(
        {
            "unknown": "1c4a061d-8072-4f0a-a4cb-0ff528b18fe7",
            "output": {SIGNATURE: OUTPUT, "value": [1], "secret": True, "dependencies": ["urn"]},
            "later": {SIGNATURE: OUTPUT},
            "resource": {SIGNATURE: RESOURCE, "urn": "u", "id": "i"},
            "new": {SIGNATURE: RESOURCE, "urn": "u", "id": ""},
            "later id": {SIGNATURE: RESOURCE, "urn": "u", "id": UNKNOWN_STRING},
            "component": {SIGNATURE: RESOURCE, "urn": "u"},
            "asset": {SIGNATURE: "c44067f5952c0a294b673a41bacd8c17", "text": "x"},
            "whole": 3.0,
        }
    )
    found = from_struct(sent)
    assert found["unknown"] is UNKNOWN
    assert found["output"] == Secret([1])
    assert found["later"] is UNKNOWN
    assert (found["resource"], found["component"]) == ("i", "u")
    assert found["new"] is UNKNOWN
    assert found["later id"] is UNKNOWN
    assert found["asset"]["text"] == "x"
    assert isinstance(found["whole"], int)
    assert to_struct({"a": UNKNOWN, "__b": 1}, internal=False) == to_struct({"a": UNKNOWN_STRING})
    with pytest.raises(ValueError, match="Unexpected type"):
        to_struct({"a": {1}})


def test_unknown_is_one_and_no_truth_value():
    assert copy.deepcopy({"a": UNKNOWN})["a"] is UNKNOWN
    assert copy.copy(UNKNOWN) is UNKNOWN
    assert has_unknown({"a": [{"b": UNKNOWN}]})
    assert not has_unknown({"a": [1]})
    with pytest.raises(TypeError, match="neither true nor false"):
        bool(UNKNOWN)


@pytest.mark.parametrize(
    ("old", "new", "diffs"),
    [
        (1, 1.0, {}),
        (1, True, {"": "update"}),
        (None, None, {}),
        ({"a": 1}, {"a": UNKNOWN}, {"a": "update"}),
        ({"a": 1}, {"b": 1}, {"a": "delete", "b": "add"}),
        ([1, 2], [1], {"[1]": "delete"}),
        ([1], [1, 2], {"[1]": "add"}),
        ({"a.b": {"c": 1}}, {"a.b": {"c": 2}}, {'["a.b"].c': "update"}),
        ({"a": [1]}, {"a": {"0": 1}}, {"a": "update"}),
    ],
)
def test_diffs(old, new, diffs):
    assert diff_values(old, new) == diffs


@settings(deadline=None)
@given(PLAIN, PLAIN)
def test_a_diff_is_empty_only_for_equals(old, new):
    old, new = {"x": old}, {"x": new}
    if not diff_values(old, new):
        assert old == new


@pytest.mark.parametrize(
    ("key", "path"),
    [("b", "a.b"), ("b-c", "a.b-c"), ("b.c", 'a["b.c"]'), ('b"', 'a["b\\""]'), ("0", 'a["0"]')],
)
def test_a_path_as_pulumi_writes_it(key, path):
    assert child_path("a", key) == path


def test_a_secret_is_not_shown():
    assert repr(Secret("hush")) == "[secret]"
