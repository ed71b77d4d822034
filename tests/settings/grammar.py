"""Every stack file that the models could ever be asked to read: right and wrong values in every place."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hypothesis import strategies as st

from settings.reading import kinds
from settings.reading.explain import aliases
from settings.sections.stack import StackSettings
from tests.settings.fuzz.mutate import VALUES

if TYPE_CHECKING:
    from pydantic import BaseModel

ODD = st.one_of(
    st.sampled_from(VALUES),
    st.text(max_size=8),
    st.integers(),
    st.floats(allow_nan=False, allow_infinity=False),
)
_NAMES = st.one_of(
    st.sampled_from(["a", "all", "payments", "pod-privileged", "", "a.b/c"]), st.text(max_size=4)
)
_PLAUSIBLE = {
    "a full version x.y.z": ["1.35.6", "1.36.2", "1.34.9"],
    "a CIDR such as 10.60.0.0/16": ["10.60.0.0/16", "10.244.0.0/16", "10.0.0.0/8", "192.168.1.0/24"],
    "a DNS label": ["aks", "payments", "kube-system"],
    'a day such as "2026-12-18"': ["2026-12-18", "2027-01-04", "2020-01-01"],
    'a time such as "22:00"': ["22:00", "00:00", "04:30"],
    'a UTC offset such as "+01:00"': ["+01:00", "-11:30"],
    "a duration such as 1h30m": ["30m", "0s", "168h"],
    "text": ["Standard_D4ds_v5", "Ubuntu2404", "Windows2025", "general", "developer", "a=b:NoSchedule"],
}


def stack_files() -> st.SearchStrategy[dict[str, Any]]:
    """Stack files of any shape the models know, with a few values of no shape at all."""
    return _of_model(StackSettings, 0).map(_config)


def _config(sections: Any) -> dict[str, Any]:
    values = dict(sections) if isinstance(sections, dict) else {}
    location = values.pop("location", "westeurope")
    return {
        "config": {"azure-native:location": location}
        | {f"secure-aks:{key}": value for key, value in values.items()}
    }


def _of_model(model: type[BaseModel], depth: int) -> st.SearchStrategy[Any]:
    required: dict[str, Any] = {}
    optional: dict[str, Any] = {}
    for key, field in aliases(model):
        if field.is_required():
            required[key] = _of_kind(kinds.of_field(field), depth)
        else:
            optional[key] = _of_kind(kinds.of_field(field), depth)
    return st.fixed_dictionaries(required, optional=optional)


def _of_kind(kind: kinds.Kind, depth: int) -> st.SearchStrategy[Any]:
    if kind.model and depth < 4:
        model = kind.model
        value = st.deferred(lambda: _of_model(model, depth + 1))
    elif kind.choices:
        value = st.sampled_from(kind.choices)
    else:
        words = kind.words.removeprefix("a list, each item ").removeprefix("a mapping, each value ")
        value = st.sampled_from(_PLAUSIBLE.get(words, [True, False, 1, 3, 30, 100, "33%", "1"]))
    if kind.container == "list":
        value = st.lists(value, max_size=3)
    if kind.container == "mapping":
        value = st.dictionaries(_NAMES, value, max_size=2)
    return st.integers(0, 19).flatmap(lambda chance: ODD if chance == 0 else value)
