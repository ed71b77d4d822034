"""A stack's state: resources in Pulumi's deployment export format (version 3), in one file, with a journal beside it.

Every operation appends one line to the journal before and after it changes anything, so a run that is killed loses
nothing; the next one that opens the state reads the journal into it. At the end of a run the whole state is written to a new file
that takes the old one's place.
"""

from __future__ import annotations

import hashlib
import json
import os
from importlib.metadata import version
from typing import TYPE_CHECKING, Any

from emulator.cloud.clock import now
from emulator.dry_run.resource import Resource
from emulator.errors import OperationError
from emulator.properties.wire import from_json

if TYPE_CHECKING:
    from pathlib import Path

    from emulator.plugins.base import Props


class State:
    """The state of one stack, in memory and on disk.

    What a run has dealt with stands in `_done`, in the order of registration; what it has not come to yet in `_base`.
    Resources are keyed by URN, and by URN and id once they only wait to be deleted.
    """

    def __init__(self, folder: Path, stack: str, *, readonly: bool = False) -> None:
        """Read the stack's file and what an interrupted run left in its journal. Raises OperationError.

        With `readonly` nothing is written, what is recorded stays in memory.
        """
        self._readonly = readonly
        self.path = folder / f"{stack}.json"
        self._journal_path = folder / f"{stack}.journal"
        self._journal: Any = None
        self._base: dict[str, dict[str, Any]] = {}
        self._done: dict[str, dict[str, Any]] = {}
        self.pending: dict[str, dict[str, Any]] = {}
        if self.path.is_file():
            try:
                self.load(json.loads(self.path.read_text(encoding="utf-8")))
            except (ValueError, KeyError, TypeError, AttributeError) as error:
                raise OperationError(
                    f"{self.path}: not a deployment export (version 3): {error}. Restore it, or delete it to forget the stack."
                ) from None
        self.interrupted = self._replay()

    def load(self, export: dict[str, Any]) -> None:
        """Take over a deployment export; raises ValueError when it is not one."""
        if export.get("version") != 3:  # noqa: PLR2004 - the version of the format
            raise ValueError(f"version is {export.get('version')!r}")
        deployment: dict[str, Any] = export["deployment"] or {}
        resources: list[dict[str, Any]] = deployment.get("resources") or []
        operations: list[dict[str, Any]] = deployment.get("pending_operations") or []
        self._base, self._done = {}, {}
        for raw in resources:
            Resource.from_json(raw)  # raises for what cannot be read
            self._base[_key(raw)] = raw
        self.pending = {op["resource"]["urn"]: op for op in operations}

    def resources(self) -> list[Resource]:
        """Return all resources, those that come first being needed by those that follow."""
        return [Resource.from_json(raw) for raw in self._all()]

    def outputs(self) -> Props | None:
        """Return the stack's outputs, None when it was never brought up."""
        for raw in self._all():
            if raw["type"] == "pulumi:pulumi:Stack":
                return from_json(raw.get("outputs") or {})
        return None

    def begin(self, operation: str, resource: Resource) -> None:
        """Record that an operation ("creating", "updating", "deleting") starts."""
        self._record({"begin": {"resource": resource.to_json(), "type": operation}})

    def put(self, resource: Resource, *, was: str = "", replaced: Resource | None = None) -> None:
        """Record a resource as it is now.

        `was` is the URN it had before (an alias), `replaced` the one whose place it took, which waits to be deleted.
        """
        entry: dict[str, Any] = {"put": resource.to_json(), "was": was}
        if replaced is not None:
            entry["replaced"] = replaced.to_json()
        self._record(entry)

    def keep(self, resource: Resource, *, was: str = "") -> None:
        """Note that a resource is as it was; on disk it stands already."""
        raw = resource.to_json()
        if was or self._base.get(_key(raw)) != raw:
            self._record({"put": raw, "was": was})
        else:
            self._apply({"put": raw})

    def drop(self, resource: Resource) -> None:
        """Record that a resource is gone."""
        self._record({"drop": {"urn": resource.urn, "id": resource.id, "delete": resource.delete}})

    def settle(self, urn: str) -> None:
        """Record that no operation on `urn` is under way any more."""
        if urn in self.pending:
            self._record({"settled": urn})

    def save(self) -> None:
        """Write the whole state in place of the old one and end the journal."""
        if self._readonly:
            return
        write_atomically(self.path, self.dumps())
        if self._journal is not None:
            self._journal.close()
            self._journal = None
        self._journal_path.unlink(missing_ok=True)

    def remove(self) -> None:
        """Forget the stack: its resources are gone."""
        self.save()
        self.path.unlink(missing_ok=True)

    def export(self, salt: str | None = None) -> dict[str, Any]:
        """Return the deployment export, secrets in plain text as `pulumi stack export --show-secrets` has them.

        `salt` is the stack file's `encryptionsalt`: with it `pulumi stack import` knows how to encrypt them.
        """
        sdk = "v" + version("pulumi")
        deployment: dict[str, Any] = {
            "manifest": {
                "time": timestamp(),
                "magic": hashlib.sha256(sdk.encode()).hexdigest(),
                "version": sdk,
            },
            "resources": self._all(),
            "metadata": {},
        }
        if salt:
            deployment["secrets_providers"] = {"type": "passphrase", "state": {"salt": salt}}
        if self.pending:
            deployment["pending_operations"] = list(self.pending.values())
        return {"version": 3, "deployment": deployment}

    def dumps(self) -> str:
        """Return the export as text with one resource a line."""
        export = self.export()
        lines = ",\n".join(json.dumps(r) for r in export["deployment"].pop("resources"))
        head = json.dumps(export["deployment"])[1:-1]
        return f'{{"version": 3, "deployment": {{{head}, "resources": [\n{lines}\n]}}}}\n'

    def _all(self) -> list[dict[str, Any]]:
        return [*self._done.values(), *self._base.values()]

    def _record(self, entry: dict[str, Any]) -> None:
        if self._readonly:
            self._apply(entry)
            return
        if self._journal is None:
            self._journal_path.parent.mkdir(parents=True, exist_ok=True)
            self._journal = _open_private(self._journal_path)
        self._journal.write(json.dumps(entry) + "\n")
        self._journal.flush()
        self._apply(entry)

    def _apply(self, entry: dict[str, Any]) -> None:
        if "begin" in entry:
            self.pending[entry["begin"]["resource"]["urn"]] = entry["begin"]
        if "put" in entry:
            raw = entry["put"]
            for urn in (raw["urn"], entry.get("was") or raw["urn"]):
                self._base.pop(urn, None)
                self.pending.pop(urn, None)
            self._done[raw["urn"]] = raw
        if "replaced" in entry:
            self._base[_key(entry["replaced"])] = entry["replaced"]
        if "drop" in entry:
            key = _key(entry["drop"])
            (self._done if key in self._done else self._base).pop(key, None)
            self.pending.pop(entry["drop"]["urn"], None)
        if "settled" in entry:
            self.pending.pop(entry["settled"], None)

    def _replay(self) -> bool:
        """Apply the journal of an interrupted run; its last line may be torn. Says whether there was one."""
        if not self._journal_path.is_file():
            return False
        for line in self._journal_path.read_text(encoding="utf-8").splitlines():
            try:
                self._apply(json.loads(line))
            except ValueError:
                break
        self._base = {_key(raw): raw for raw in self._all()}
        self._done = {}
        return True


def _key(raw: dict[str, Any]) -> str:
    return f"{raw['urn']}::{raw.get('id', '')}" if raw.get("delete") else raw["urn"]


def timestamp() -> str:
    """Return now as Pulumi writes it."""
    return now().strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def _open_private(path: Path) -> Any:
    """Open for appending, readable by the owner only: a state holds secrets in plain text."""
    return os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600), "a", encoding="utf-8")


def write_atomically(path: Path, text: str, mode: int = 0o600) -> None:
    """Write a file whole or not at all; unless told otherwise only its owner may read it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_name(f".{path.name}.{os.getpid()}")
    with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, mode), "w", encoding="utf-8") as out:
        out.write(text)
        out.flush()
        os.fsync(out.fileno())
    fresh.replace(path)
