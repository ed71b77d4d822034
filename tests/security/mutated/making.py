"""Making them: the cases' objects and the platform's, each with a few values set, taken away or swapped."""

import copy
from collections import defaultdict
from collections.abc import Iterator
from functools import cache
from random import Random
from typing import Any

from tests.security.cases import CASES
from tests.security.parity import judged_there
from tests.security.platform import CONTROLLERS

Manifest = dict[str, Any]
_ODD: tuple[Any, ...] = (
    None, True, False, 0, 1, -1, 2**31, 0.5, "", "0", "true", "*", "default", "a" * 300, "a\nb", "/", "ü", "unconfined", [], {}, [None], [""], {"": ""},
)  # fmt: skip
_FEW = 3


@cache
def _seeds() -> tuple[Manifest, ...]:
    cases = [case.object for case in CASES if judged_there(case)]
    return (*cases, *(item for module in CONTROLLERS.values() for item in module.MANIFESTS))


@cache
def _values() -> dict[str, list[Any]]:
    """The values that stand under each key somewhere: most of what is swapped in is then of the right type."""
    found: dict[str, list[Any]] = defaultdict(list)
    for item in _seeds():
        for holder, key in _places(item):
            if isinstance(key, str):
                found[key].append(holder[key])
    return found


def _places(value: Any) -> Iterator[tuple[Any, Any]]:
    """Yield every holder and key inside a value."""
    entries = (
        value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    )
    for key, item in list(entries):
        yield value, key
        yield from _places(item)


def mutated(seed: int) -> Manifest:
    """One object; the same for the same seed."""
    random = Random(seed)  # noqa: S311  # not for secrets
    item = copy.deepcopy(random.choice(_seeds()))
    for _ in range(random.randint(1, _FEW)):
        kept = {"apiVersion", "kind"}  # what the object is
        places = [(holder, key) for holder, key in _places(item) if holder is not item or key not in kept]
        if places:
            _change(*random.choice(places), random)
    return {"metadata": {}, **_without_nulls(item)}


def _without_nulls(value: Any) -> Any:
    """What the engine sends: no key with a null."""
    if isinstance(value, dict):
        return {key: _without_nulls(item) for key, item in value.items() if item is not None}
    return [_without_nulls(item) for item in value] if isinstance(value, list) else value


def _change(holder: Any, key: Any, random: Random) -> None:
    chance, value = random.random(), holder[key]
    known = _values().get(key, []) if isinstance(key, str) else []
    # Of what is no image's name the API server sets another pull policy, and it never runs.
    if (chance < 0.5 and known) or key == "image":
        holder[key] = copy.deepcopy(random.choice(known))
    elif chance < 0.65:
        del holder[key]
    elif chance < 0.8 and isinstance(holder, list):
        holder.append(copy.deepcopy(value))
    elif chance < 0.9 and isinstance(holder, dict):
        name = random.choice(sorted(_values()))
        holder[name] = copy.deepcopy(random.choice(_values()[name]))
    else:
        holder[key] = copy.deepcopy(random.choice(_ODD))
