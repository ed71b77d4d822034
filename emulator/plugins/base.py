"""What a provider of the emulator is: the Pulumi provider protocol in plain Python values.

The same classes are called over gRPC by an engine and in process by the dry run.
Values are those of `emulator.properties.values`. A provider raises `ProviderError` to refuse; anything else is a defect.
"""

from __future__ import annotations

from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

from emulator.errors import ProviderError
from emulator.properties.values import UNKNOWN, is_list, is_object, reveal

if TYPE_CHECKING:
    from collections.abc import Mapping

    from emulator.properties.values import Props

PATIENCE: ContextVar[float] = ContextVar("patience", default=0.0)
"""Seconds for which the engine waits for the change that is asked for here (`customTimeouts`); 0: it says none."""

DiffKind = Literal["add", "update", "delete"]


class PartialError(ProviderError):
    """The resource is there under `id_`, with `outputs`, and did not become what it should: the next `up` goes on from it."""

    def __init__(self, message: str, id_: str, outputs: Props) -> None:
        super().__init__(message)
        self.id = id_
        self.outputs = outputs


@dataclass(frozen=True)
class CheckFailure:
    """One input that is wrong: `property` is its path ("" for the whole resource), `reason` a sentence."""

    property: str
    reason: str


@dataclass(frozen=True)
class Diff:
    """What an update would do.

    `changes` None means "not known". `diffs` maps a property path ("a.b[0].c") to its kind, `replaces` lists the paths
    that cannot be changed in place.
    """

    changes: bool | None
    diffs: dict[str, DiffKind] = field(default_factory=dict[str, DiffKind])
    replaces: list[str] = field(default_factory=list[str])
    delete_before_replace: bool = False


@dataclass(frozen=True)
class Child:
    """A resource that a remote component consists of; `inputs` hold secrets marked."""

    type: str
    name: str
    inputs: Props


@dataclass(frozen=True)
class Construction:
    """What became of a remote component: its outputs, a note for the user ("" for none), the resources in it.

    `unread` are those of its inputs that stand for more than `children` shows; policies are to see them.
    """

    outputs: Props
    note: str = ""
    children: tuple[Child, ...] = ()
    unread: Props = field(default_factory=dict[str, Any])


class Provider:
    """A provider that accepts every resource as it is; real ones override what they know better.

    `package` is the package name in type tokens ("azure-native"). All methods are called one at a time.
    """

    package: str = ""
    settings: Mapping[str, str] = {}
    """What a program may configure the provider with, and of which type, for languages that check it."""

    def configure(self, config: Props) -> None:
        """Take the provider's configuration (explicit provider inputs, or the stack's `<package>:*` keys).

        Called once before anything but `check` and `diff` of pure inputs. Raises ProviderError to refuse it.
        """

    def check(self, urn: str, olds: Props | None, news: Props) -> tuple[Props, list[CheckFailure]]:
        """Return the inputs to use (defaults and auto-names filled in) and what is wrong with them.

        `olds` are the inputs of the last `up`, None for a new resource. `news` may hold UNKNOWN.
        """
        del urn, olds
        return news, []

    def diff(self, urn: str, old_inputs: Props, news: Props) -> Diff:
        """Compare the last `up` with `news` (already checked, `ignore_changes` already applied by the engine)."""
        del urn
        diffs = diff_values(old_inputs, news)
        return Diff(changes=bool(diffs), diffs=diffs)

    def create(self, urn: str, inputs: Props, *, preview: bool) -> tuple[str, Props]:
        """Create the resource; return its id and all outputs (inputs included, plain values).

        With `preview` nothing may be changed: the id is "" and outputs not known yet are UNKNOWN.
        """
        return ("" if preview else urn.rsplit("::", 1)[-1]), dict(inputs)

    def read(self, urn: str, id_: str, inputs: Props | None) -> tuple[str, Props, Props] | None:
        """Return (id, inputs, outputs) as they are now, None when the resource is gone.

        `inputs` are those of the last `up`, None for a resource that the stack does not manage (`X.get`).
        """
        del urn
        return id_, dict(inputs or {}), dict(inputs or {})

    def update(self, urn: str, id_: str, old_outputs: Props, news: Props, *, preview: bool) -> Props:
        """Change the resource in place; return all outputs. With `preview` nothing may be changed."""
        del urn, id_, old_outputs, preview
        return dict(news)

    def delete(self, urn: str, id_: str, outputs: Props) -> None:
        """Delete the resource; deleting what is gone already is no error."""
        del urn, id_, outputs

    def construct(self, urn: str, type_: str, inputs: Props, *, preview: bool) -> Construction:
        """Tell what a remote component (such as `kubernetes:helm.sh/v4:Chart`) consists of; `inputs` have secrets marked."""
        del urn, preview
        return Construction(
            reveal(inputs), note=f"the emulator cannot know what is inside {type_}: nothing in it is checked"
        )

    def invoke(self, tok: str, args: Props) -> Props:
        """Answer a function call such as `azure-native:authorization:getClientConfig`."""
        del args
        raise ProviderError(f"the emulator does not know the function {tok}")


def diff_values(old: Any, new: Any, path: str = "") -> dict[str, DiffKind]:
    """Return every path at which `old` and `new` differ; an UNKNOWN in `new` counts as a change.

    Lists are compared index by index, whole numbers equal floats (1 == 1.0), True is not 1.
    """
    out: dict[str, DiffKind] = {}
    _diff_into(out, old, new, path)
    return out


def _diff_into(out: dict[str, DiffKind], old: Any, new: Any, path: str) -> None:
    if is_object(old) and is_object(new):
        for key in [*old, *(k for k in new if k not in old)]:
            at = child_path(path, key)
            if key not in new:
                out[at] = "delete"
            elif key not in old:
                out[at] = "add"
            else:
                _diff_into(out, old[key], new[key], at)
    elif is_list(old) and is_list(new):
        for i in range(max(len(old), len(new))):
            at = f"{path}[{i}]"
            if i >= len(new):
                out[at] = "delete"
            elif i >= len(old):
                out[at] = "add"
            else:
                _diff_into(out, old[i], new[i], at)
    elif old is UNKNOWN or new is UNKNOWN or old != new or isinstance(old, bool) != isinstance(new, bool):
        out[path] = "update"


def child_path(path: str, key: str) -> str:
    """Append `key` to a property path as Pulumi writes it: `a.b`, or `a["b.c"]` where the key needs quoting."""
    if key.isidentifier() or key.replace("-", "_").replace("$", "_").isidentifier():
        return f"{path}.{key}" if path else key
    quoted = key.replace('"', '\\"')
    return f'{path}["{quoted}"]'
