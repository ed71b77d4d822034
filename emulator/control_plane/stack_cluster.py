"""The real control plane behind one stack: kept in `<state folder>/<stack>.control-plane`, running between the commands."""

from __future__ import annotations

import json
import shutil
from typing import TYPE_CHECKING, Any

from emulator.entra.issuer import kept_issuer
from emulator.plugins.base import ProviderError

if TYPE_CHECKING:
    from pathlib import Path

    from emulator.control_plane import ControlPlane

_MARKER = "secure-aks.json"


class StackCluster:
    """The control plane of one stack; made at first use, remembered by its folder, ended by `end`.

    A process that runs nothing on it needs no more than this object: the control plane itself is imported when it is used.
    """

    def __init__(self, folder: Path, stack: str) -> None:
        self.folder = folder / f"{stack}.control-plane"
        self._lab = folder
        self._running: ControlPlane | None = None

    @property
    def is_kept(self) -> bool:
        """Whether the stack was brought up on a control plane."""
        return (self.folder / _MARKER).is_file()

    @property
    def kubeconfig(self) -> Path:
        """Where the admin's kubeconfig is written when the control plane starts."""
        return self.folder / "kubeconfig"

    @property
    def is_fresh(self) -> bool:
        """Whether no `up` has succeeded on it yet: what the stack's state says need not be there."""
        return not self._note().get("settled", False)

    def settle(self) -> None:
        """Note that everything in the stack's state is there."""
        if self.is_kept and self.is_fresh:
            self._write_note({"settled": True})

    def ensure(self) -> ControlPlane:
        """Return the control plane, started when it does not run. Raises ProviderError when it cannot be."""
        if self._running is None:
            from emulator.control_plane import BuildError, ControlPlane, ProcessError  # noqa: PLC0415

            self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            found = ControlPlane(self.folder, kept_issuer(self._lab))
            try:
                if not found.attach():
                    found.start(detached=True)
                    found.kubeconfig(self.kubeconfig)
            except (BuildError, ProcessError, OSError) as error:
                if not self.is_kept:
                    shutil.rmtree(self.folder, ignore_errors=True)
                raise ProviderError(f"the control plane does not start: {error}") from None
            if not self.is_kept:
                self._write_note({"settled": False})
            self._running = found
        return self._running

    def restart_empty(self) -> None:
        """Forget everything on it, because Azure's cluster is gone; the stack stays one with a control plane."""
        if self.is_kept:
            self.end()
            self.folder.mkdir(parents=True, mode=0o700)
            self._write_note({"settled": False})

    def end(self) -> None:
        """End its processes and delete its folder; harmless when there is none."""
        if self.folder.is_dir():
            from emulator.control_plane import ControlPlane  # noqa: PLC0415

            ControlPlane(self.folder).stop()
            shutil.rmtree(self.folder, ignore_errors=True)
        self._running = None

    def _note(self) -> dict[str, Any]:
        try:
            return json.loads((self.folder / _MARKER).read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return {}

    def _write_note(self, note: dict[str, Any]) -> None:
        (self.folder / _MARKER).write_text(json.dumps(note), encoding="utf-8")
