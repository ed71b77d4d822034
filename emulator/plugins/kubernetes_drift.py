"""What a live object says about the fields that one field manager applied: the input as it is now."""

from __future__ import annotations

import base64
import binascii
import json
import re
from typing import TYPE_CHECKING, Any

from emulator.properties.values import is_list, is_object

if TYPE_CHECKING:
    from emulator.plugins.base import Props

_QUANTITY = re.compile(r"^([0-9]+(?:\.[0-9]+)?)([numkMGTPE]|[KMGTPE]i)?$")
_POWERS = {
    "n": 1e-9,
    "u": 1e-6,
    "m": 1e-3,
    "": 1.0,
    "k": 1e3,
    "M": 1e6,
    "G": 1e9,
    "T": 1e12,
    "P": 1e15,
    "E": 1e18,
    **{f"{unit}i": 1024.0 ** (i + 1) for i, unit in enumerate("KMGTPE")},
}


def as_it_is(inputs: Props, live: Props, manager: str) -> Props:
    """Return `inputs` with the values that the server has now.

    Who changes a field by hand takes it from its manager, so what `manager` still holds is as it was applied, and
    defaults of the server or fields of others are no drift. What was removed is left out.
    """
    owned: Props = {}
    for entry in live.get("metadata", {}).get("managedFields", []):
        if entry.get("manager") == manager and entry.get("operation") == "Apply":
            owned = entry.get("fieldsV1", {})
    live = {k: v for k, v in live.items() if k != "status"}
    if is_object(inputs.get("stringData")):
        data: Props = live.get("data") or {}
        live["stringData"] = {k: _decoded(v) for k, v in data.items()}
        owned = {**owned, "f:stringData": owned.get("f:data", {})}
    result: Props = {}
    for key, value in inputs.items():
        if key in ("apiVersion", "kind"):
            result[key] = value
        elif key == "metadata":
            result[key] = _metadata(value, live.get("metadata", {}), owned.get("f:metadata", {}))
        elif key in live:
            result[key] = _now(value, live[key], owned.get(f"f:{key}"))
        elif not value:  # the server leaves out what is empty
            result[key] = value
    return result


def _metadata(inputs: Props, live: Props, owned: Props) -> Props:
    result: Props = {}
    for key, value in inputs.items():
        if key in ("name", "namespace"):
            result[key] = value
        elif key in live:
            result[key] = _now(value, live[key], owned.get(f"f:{key}"))
        elif not value:
            result[key] = value
    return result


def _now(value: Any, live: Any, owned: Any) -> Any:
    """Return what stands at the place of the input `value`; `owned` are the manager's fields there, None for none."""
    if is_object(value) and is_object(live):
        if owned == {} and value:  # an atomic map that is ours
            return value
        inside: Props = owned if is_object(owned) else {}
        result: Props = {}
        for key, one in value.items():
            if key in live:
                result[key] = _now(one, live[key], inside.get(f"f:{key}"))
            elif not one and one != "":
                result[key] = one
        return result
    if is_list(value) and is_list(live):
        return _list(value, live, owned)
    return value if _same(value, live) else live


def _list(value: list[Any], live: list[Any], owned: Any) -> list[Any]:
    if not is_object(owned):  # somebody else wrote it last
        return value if _covers(value, live) else live
    keyed = [json.loads(k[2:]) for k in owned if k.startswith("k:")]
    if keyed:
        return _keyed(value, live, list(keyed[0]), owned)
    if any(k.startswith("v:") for k in owned):
        return [one for one in value if one in live]
    return value if _covers(value, live) or owned == {} else live


def _keyed(value: list[Any], live: list[Any], keys: list[str], owned: Props) -> list[Any]:
    """Follow the elements of a list by their keys; those of others are not ours to show."""
    result: list[Any] = []
    for one in value:
        for other in live:
            if all(one.get(k, other.get(k)) == other.get(k) for k in keys):
                inside = next(
                    (
                        fields
                        for k, fields in owned.items()
                        if k.startswith("k:") and all(other.get(n) == v for n, v in json.loads(k[2:]).items())
                    ),
                    None,
                )
                result.append(_now(one, other, inside))
                break
    return result


def _covers(value: Any, live: Any) -> bool:
    """Say whether `live` is `value` but for what the server fills in."""
    if is_object(value) and is_object(live):
        return all((k in live and _covers(v, live[k])) or not v for k, v in value.items())
    if is_list(value) and is_list(live):
        return len(value) == len(live) and all(_covers(a, b) for a, b in zip(value, live, strict=True))
    return _same(value, live)


def _same(value: Any, live: Any) -> bool:
    """Say whether two scalars are equal, quantities ("1000m", 1) by what they amount to."""
    if isinstance(value, bool) or isinstance(live, bool) or value == live:
        return value is live or value == live
    first, second = _amount(value), _amount(live)
    return first is not None and first == second


def _amount(value: Any) -> float | None:
    found = _QUANTITY.match(str(value))
    return round(float(found[1]) * _POWERS[found[2] or ""], 9) if found else None


def _decoded(text: str) -> str:
    try:
        return base64.b64decode(text).decode()
    except (binascii.Error, UnicodeDecodeError):
        return text
