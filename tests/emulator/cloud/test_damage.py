"""The cloud's files, damaged anywhere or of another shape: one line that names the file and a way on, or nothing is lost."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from emulator.cloud.cloud import Cloud, CloudFileError
from emulator.cloud.faults import Fault
from emulator.cloud.file import sealed
from tests.emulator.cloud.test_cloud import put

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("cloud")


@pytest.fixture(scope="module")
def whole(folder: Path) -> bytes:
    """What a cloud with a resource, a fault, a use of an API and settings wrote."""
    cloud = Cloud(folder / "cloud.json")
    put(cloud, "ä")
    cloud.configure(skew_minors=2)
    cloud.inject(Fault("conflict", skip=2))
    cloud.use_api("/clusters/a", "policy/v1beta1", "1.25")
    return (folder / "cloud.json").read_bytes()


def used(folder: Path, data: bytes) -> dict[str, Any] | None:
    """Read a cloud; None where it is refused, in one line."""
    (folder / "cloud.json").write_bytes(data)
    try:
        return Cloud(folder / "cloud.json").view().dump()
    except CloudFileError as error:
        said = str(error)
    assert said.isprintable()
    assert said.startswith(f"{folder / 'cloud.json'}: not a cloud of this emulator (")
    assert said.endswith("; delete it to start anew")
    assert (folder / "cloud.json").read_bytes() == data
    return None


def stored(whole: bytes) -> dict[str, Any]:
    return {key: value for key, value in json.loads(whole).items() if key != "sum"}


@settings(deadline=None, max_examples=200)
@given(st.data())
def test_damaged_anywhere(whole: bytes, folder: Path, data: st.DataObject) -> None:
    """Bytes changed, cut out, put in, swapped."""
    start = data.draw(st.integers(0, len(whole)))
    end = data.draw(st.integers(start, min(start + 40, len(whole))) | st.just(len(whole)))
    piece = whole[start:end]
    instead = data.draw(st.binary(max_size=4) | st.sampled_from([piece[::-1], piece * 2, b"", b"\n", b"}"]))
    found = used(folder, whole[:start] + instead + whole[end:])
    assert found is None or found == stored(whole)


VALUES = st.sampled_from([None, True, -1, 10**400, 1.5, "x", [], [[]], {}, {"a": {}}, [{}], "\x1b[31m"])


@settings(deadline=None, max_examples=200)
@given(st.data())
def test_of_another_shape(whole: bytes, folder: Path, data: st.DataObject) -> None:
    """A value anywhere replaced and sealed again, as a program of another version may have written it."""
    values = stored(whole)
    at, key = values, data.draw(st.sampled_from(sorted(values)))
    while isinstance(at[key], dict) and at[key] and key != "properties" and data.draw(st.booleans()):
        at, key = at[key], data.draw(st.sampled_from(sorted(at[key])))
    at[key] = data.draw(VALUES)
    found = used(folder, sealed(json.dumps(values)).encode())
    assert found is None or found.keys() == values.keys()


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"schema": 2}, "its schema is 2, which a newer version wrote, and this one reads 1"),
        ({"schema": True}, "its schema is not 1"),
        ({"resources": {"a": {"x": 1}}}, "resources.a has another shape"),
        ({"operations": {"a": {}}}, "operations.a has another shape"),
        ({"faults": [{"kind": "fire"}]}, "faults[0].kind: 'fire' is none of"),
        ({"faults": [{"kind": "conflict", "times": "many"}]}, "faults[0].times has another shape"),
        ({"settings": {"skew_minors": None}}, "settings.skew_minors has another shape"),
        ({"serial": -1}, "serial has another shape"),
        ({"finished": []}, "finished has another shape"),
        ({"finished": {"a": {"id": "/a"}}}, "finished.a has another shape"),
        ({"poolHistory": {"/a": [{"timestamp": 1}]}}, "poolHistory./a[0] has another shape"),
        ({"poolHistory": 1}, "poolHistory has another shape"),
        (
            {"resources": {"/b": {"id": "/a", "type": "x", "name": "a", "properties": {}}}},
            "resources./b.id has another shape",
        ),
    ],
)
def test_the_place_is_named(whole: bytes, folder: Path, change: dict[str, Any], why: str) -> None:
    (folder / "cloud.json").write_text(json.dumps(stored(whole) | change))
    with pytest.raises(CloudFileError) as refused:
        Cloud(folder / "cloud.json").view()
    assert why in str(refused.value)


def test_a_file_without_a_sum_may_be_written_by_hand(whole: bytes, folder: Path) -> None:
    assert used(folder, json.dumps(stored(whole), indent=1).encode()) == stored(whole)


@pytest.mark.parametrize(
    ("damage", "why"),
    [
        (lambda text: text[: len(text) // 2], "bytes are missing at its end"),
        (lambda text: text.replace("{", "[", 1), "line 1 is no event"),
        (lambda text: "7\n" + text[2:], "line 1 is no event"),
    ],
)
def test_a_damaged_log_is_named_by_its_line_and_the_cloud_goes_on(
    tmp_path: Path, damage: Any, why: str
) -> None:
    cloud = Cloud(tmp_path / "cloud.json")
    put(cloud, "a")
    log = tmp_path / "cloud-events.jsonl"
    log.write_text(damage(log.read_text()))
    with pytest.raises(CloudFileError, match=why):
        Cloud(tmp_path / "cloud.json").events()
    log.unlink()
    assert cloud.events() == []
    put(cloud, "b")
    assert [event["name"] for event in Cloud(tmp_path / "cloud.json").events()] == ["b"]
