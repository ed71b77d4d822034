"""A cluster's journals: in a folder of this machine, and where the team keeps its state, when it has such a place."""

from __future__ import annotations

import getpass
import os
from functools import cached_property, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from secure_aks_lifecycle import regular_file
from secure_aks_lifecycle.clock import now

from settings.cluster_names import file_stem
from settings.reading.source import document
from upgrades.journal import place
from upgrades.journal.file import Journal, read
from upgrades.journal.holds import standing
from upgrades.journal.lease import Lease
from upgrades.journal.lines import called, parse
from upgrades.journal.shared import Shared, SharedJournal, newer
from upgrades.lab import JOURNALS

if TYPE_CHECKING:
    from collections.abc import Callable

    from obstore.store import ObjectStore

    from upgrades.journal.file import Entry
    from upgrades.journal.holds import Hold
    from upgrades.journal.lease import Holder


class Journals:
    """The journals of one stack, or of one cluster of a stack that has several. What reaches the team's place raises PlaceError."""

    def __init__(self, folder: Path, name: str) -> None:
        """Name the project's folder and the stack, or a further cluster of one as `stack/cluster`."""
        self.folder, self.name = folder, name
        self._stem = file_stem(name)
        self._stores: dict[Path, ObjectStore] = {}

    @property
    def rollout(self) -> Path:
        """The journal of the stack's rollout on this machine."""
        said = os.environ.get(JOURNALS, "")
        folder = Path(said) if said and "://" not in said else self.folder / ".upgrades"
        return folder / f"{self._stem}.jsonl"

    @property
    def holds(self) -> Path:
        """The versions that no plan of the stack takes again, on this machine."""
        return self.rollout.parent / "holds" / self.rollout.name

    @cached_property
    def where(self) -> str:
        """The URL of the team's place; empty when it has none."""
        said = os.environ.get(JOURNALS, "")
        found = place.named(self.folder, os.environ, JOURNALS)
        if "://" in said and not found:
            known = ", ".join(f"{scheme}://" for scheme in place.SCHEMES)
            raise place.PlaceError(
                f"{JOURNALS}: '{said}' is no place for journals; write a folder, or one of {known}"
            )
        return found

    @cached_property
    def apart(self) -> str:
        """The backend because of which no other machine sees these journals, and nobody has said that none has to; else empty."""
        return place.without_files(self.folder, os.environ, JOURNALS)

    def entries(self) -> list[Entry]:
        """Return the lines of the stack's rollout. Raises JournalDamagedError."""
        return self._read(self.rollout)

    def held(self) -> list[Hold]:
        """Return the holds that stand. Raises JournalDamagedError."""
        return standing(called(self.holds), self._read(self.holds))

    def open(self) -> Journal:
        """Return the rollout's journal, to be entered. Raises JournalBusyError then."""
        return self._open(self.rollout)

    def open_holds(self) -> Journal:
        """Return the file of holds, to be entered. Raises JournalBusyError then."""
        return self._open(self.holds)

    def holder(self) -> Holder | None:
        """Return whose runner holds the team's journal; None when nobody's does, or there is no team's place."""
        found = self._lease(self.rollout).holder() if self.where else None
        return None if found is None or found.is_free else found

    def ask_to_end(self) -> None:
        """Ask the runner, wherever it is, to end at its next boundary."""
        if self.where and (holder := self.holder()) and not holder.is_gone:
            self._shared(self.rollout).ask_to_end()
        else:
            Journal(self.rollout, now).abort_file.touch()

    def rollouts(self) -> list[Callable[[], list[Entry]]]:
        """Return how to read each rollout of the stack, the newest first; ended ones of the team are brought here."""
        if self.where:
            self._shared(self.rollout).fetch_aside(self.rollout.parent, self._stem)
        ended = sorted(self.rollout.parent.glob(f"{self._stem}.*.jsonl"), reverse=True)
        open_one = self.entries()
        return [*([lambda: open_one] if open_one else []), *(partial(read, path) for path in ended)]

    def _read(self, path: Path) -> list[Entry]:
        if not self.where:
            return read(path)
        here = regular_file.data(path) if path.exists() else b""
        return parse(called(path), newer(called(path), here, self._shared(path).newest())).entries

    def _open(self, path: Path) -> Journal:
        if not self.where:
            return Journal(path, now)
        return SharedJournal(path, now, self._shared(path), self._lease(path))

    def _shared(self, path: Path) -> Shared:
        return Shared(self._store(path), self.where.partition("?")[0])

    def _lease(self, path: Path) -> Lease:
        return Lease(self._store(path), self.where.partition("?")[0], self.name, getpass.getuser())

    def _store(self, path: Path) -> ObjectStore:
        if path not in self._stores:  # opening one logs in
            found: Any = document(self.folder / "Pulumi.yaml")
            project = cast("dict[str, Any]", found).get("name") if isinstance(found, dict) else None
            if not isinstance(project, str):
                raise place.PlaceError(
                    "Pulumi.yaml: name: the project needs a name, by which its journals are found: write `name: ...`"
                )
            below = self._stem if path == self.rollout else f"{self._stem}/holds"
            self._stores[path] = place.opened(self.where, project, below, os.environ)
        return self._stores[path]
