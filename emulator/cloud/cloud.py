"""The emulated Azure: what exists in it, kept in one JSON file that several processes may use at the same time.

    cloud = Cloud(folder / "cloud.json")
    with cloud.change() as state:        # all of the block, or nothing of it
        state.put(...)

The event log stands beside it (`cloud-events.jsonl`). A process killed at any moment leaves both as they were before its
change or as they are after it: events are appended first, the state names the length of the log that counts, and it is
replaced as a whole. (A power cut is another matter: nothing is synced to the disk, for speed.)
"""

from __future__ import annotations

import contextlib
import copy
import json
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from emulator.cloud import file as cloud_file
from emulator.cloud.clock import now
from emulator.cloud.events import record
from emulator.cloud.operations import settle
from emulator.cloud.state import Settings, State
from emulator.properties.values import is_object

if TYPE_CHECKING:
    from collections.abc import Generator

    from emulator.cloud.faults import Call, Fault
    from emulator.cloud.state import Props, Resource


_ANEW_LOG = "delete it, and the log begins anew"
_SHOWN = 300
"""Characters of a reason that a message shows."""


class CloudFileError(cloud_file.FileError):
    """The cloud's file cannot be read; the message says why and what to do."""


class Cloud:
    """A cloud stored at `path`, or one in memory for None. Safe for threads and for processes."""

    def __init__(self, path: Path | None = None) -> None:
        self.path = path
        self._thread = threading.RLock()
        self._state = State()
        self._text = json.dumps(self._state.dump())
        self._stamp: tuple[int, int, int] | None = None
        self._memory_log: list[str] = []

    @contextlib.contextmanager
    def change(self) -> Generator[State]:
        """Give the state to change; it is stored when the block ends and forgotten when the block raises."""
        with self._thread, contextlib.ExitStack() as stack:
            if self.path is not None:
                stack.enter_context(cloud_file.locked(self.path))
            self._load()
            draft = State.load(
                json.loads(self._text)
            )  # whoever looks at the state meanwhile sees the old one, whole
            settle(draft, time.time())
            yield draft
            self._store(draft)

    def get(self, id_: str) -> Resource | None:
        """Return a copy of one resource, None when there is none."""
        with self._thread:
            return copy.deepcopy(self._current().get(id_))

    def of_type(self, type_: str) -> list[Resource]:
        """Return copies of all resources of a type, by id."""
        with self._thread:
            return copy.deepcopy(self._current().of_type(type_))

    def view(self) -> State:
        """Return everything as it is now, to look at only: it does not change any more, whatever happens."""
        with self._thread:
            return self._current()

    def events(self) -> list[Props]:
        """Return the event log, oldest first."""
        if self.path is None:
            return [json.loads(line) for line in self._memory_log]
        with self._thread:
            size = self._current().log_bytes
            data = cloud_file.read(self._log)
        if data is None:
            return []
        if len(data) < size:
            raise CloudFileError(f"{self._log}: {size - len(data)} bytes are missing at its end; {_ANEW_LOG}")
        return [
            self._event(number, line) for number, line in enumerate(data[:size].split(b"\n")[:-1], start=1)
        ]

    def _event(self, number: int, line: bytes) -> Props:
        try:
            event: object = json.loads(line.decode())
        except (ValueError, RecursionError):
            event = None
        if not is_object(event):
            raise CloudFileError(f"{self._log}: line {number} is no event; {_ANEW_LOG}")
        return event

    # What tests and tools do to an Azure, beside its own API.

    def configure(self, **settings: Any) -> None:
        """Change settings by name (see `cloud_state.Settings`)."""
        with self.change() as state:
            state.settings = Settings(**(vars(state.settings) | settings))

    def inject(self, fault: Fault) -> None:
        """Order a fault."""
        with self.change() as state:
            state.add_fault(fault)

    def take_fault(self, on: Call, id_: str) -> Fault | None:
        """Return the fault that this call meets; the change of somebody else is made here."""
        with self._thread:
            if not self._current().faults:
                return None
        with self.change() as state:
            fault = state.take_fault(on, id_)
            if fault is not None and fault.kind == "elsewhere" and fault.patch:
                _edit(state, fault.patch["id"], fault.patch["properties"])
        return fault

    def edit(self, id_: str, properties: Props) -> None:
        """Change a resource behind everybody's back, without any check. Raises KeyError when there is none."""
        with self.change() as state:
            _edit(state, id_, properties)

    def use_api(self, cluster_id: str, api: str, removed_in: str) -> None:
        """Note that something in the cluster uses a Kubernetes API now that the minor `removed_in` no longer has."""
        with self.change() as state:
            usage = {
                "cluster": cluster_id.lower(),
                "api": api,
                "removedIn": removed_in,
                "at": now().isoformat(),
            }
            state.api_usage.append(usage)

    def release(self, id_: str) -> None:
        """End a stuck operation: it completes now."""
        with self.change() as state:
            state.operations[id_.lower()].ends = time.time()
        with self.change():
            pass

    # The file.

    @property
    def _log(self) -> Path:
        return Path(str(self.path)).with_name("cloud-events.jsonl")

    def _current(self) -> State:
        """Return the state as it is now, with the operations completed whose time is over."""
        self._load()
        if any(o.ends is not None and o.ends <= time.time() for o in self._state.operations.values()):
            with self.change():
                pass
        return self._state

    def _load(self) -> None:
        if self.path is None:
            return
        stamp = cloud_file.stamp(self.path)
        if stamp is None:
            self._take(State(), json.dumps(State().dump()), None)
        elif stamp != self._stamp:
            try:
                text = (cloud_file.read(self.path) or b"").decode()
                state = State.load(json.loads(text))
                if not cloud_file.is_whole(text):
                    raise ValueError("it is not as it was written")  # noqa: TRY301 - told with the others
            except (ValueError, RecursionError) as error:
                why = " ".join(str(error).split())[:_SHOWN]
                raise CloudFileError(
                    f"{self.path}: not a cloud of this emulator ({ascii(why)[1:-1]}); delete it to start anew"
                ) from None
            self._take(state, text, stamp)

    def _take(self, state: State, text: str, stamp: tuple[int, int, int] | None) -> None:
        self._state, self._text, self._stamp = state, text, stamp

    def _store(self, draft: State) -> None:
        events, draft.events = draft.events, []
        lines: list[str] = []
        for event in events:
            draft.serial += 1
            lines.append(json.dumps({"serial": draft.serial} | event) + "\n")
        if self.path is None:
            self._memory_log += lines
            self._take(draft, json.dumps(draft.dump()), None)
            return
        if lines:  # in the place of what a killed process appended and never stored
            draft.log_bytes = cloud_file.append(self._log, draft.log_bytes, "".join(lines))
        text = cloud_file.sealed(json.dumps(draft.dump()))
        cloud_file.replace(self.path, text)
        self._take(draft, text, cloud_file.stamp(self.path))


def _edit(state: State, id_: str, properties: Props) -> None:
    resource = state.resources[id_.lower()]
    before = dict(resource.properties)
    resource.properties = before | properties
    record(state, "updated", id_, before, actor="somebody else")
