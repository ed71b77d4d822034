"""The real control plane behind one stack: kept in `<state folder>/<stack>.control-plane`, running between the commands."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

from emulator.errors import ProviderError

if TYPE_CHECKING:
    from pathlib import Path

    from emulator.control_plane.server import ControlPlane

_MARKER = "secure-aks.json"


class StackCluster:
    """The control plane of one stack; made at first use, remembered by its folder, ended by `end`.

    A process that runs nothing on it needs no more than this object: the control plane itself is imported when it is used.
    """

    def __init__(self, folder: Path, stack: str, authentication: Path | None = None) -> None:
        """Take the state's folder, the stack, and the API server's authentication configuration where it has one."""
        self.folder = folder / f"{stack}.control-plane"
        self._authentication = authentication
        self._running: ControlPlane | None = None

    @property
    def is_kept(self) -> bool:
        """Whether the stack was brought up on a control plane."""
        return (self.folder / _MARKER).is_file()

    @property
    def kubeconfig(self) -> Path:
        """Where the admin's kubeconfig is written when the control plane starts."""
        return self.folder / "kubeconfig"

    def ensure(self) -> ControlPlane:
        """Return the control plane, started when it does not run. Raises ProviderError when it cannot be."""
        if self._running is None:
            from emulator.control_plane.processes import ProcessError  # noqa: PLC0415
            from emulator.control_plane.server import ControlPlane  # noqa: PLC0415
            from emulator.go_modules import BuildError  # noqa: PLC0415

            self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            found = ControlPlane(self.folder, self._authentication)
            try:
                if not found.attach():
                    found.start(detached=True)
                    found.kubeconfig(self.kubeconfig)
            except (BuildError, ProcessError, OSError, ValueError, TypeError) as error:
                if not self.is_kept:
                    shutil.rmtree(self.folder, ignore_errors=True)
                raise ProviderError(f"the control plane does not start: {error}") from None
            self._mark()
            self._running = found
        return self._running

    def restart_empty(self) -> None:
        """Forget everything on it, because Azure's cluster is gone; the stack stays one with a control plane."""
        if self.is_kept:
            self.end()
            self.folder.mkdir(parents=True, mode=0o700)
            self._mark()

    def end(self) -> None:
        """End its processes and delete its folder; harmless when there is none."""
        if self.folder.is_dir():
            from emulator.control_plane.server import ControlPlane  # noqa: PLC0415

            ControlPlane(self.folder).stop()
            shutil.rmtree(self.folder, ignore_errors=True)
        self._running = None

    def _mark(self) -> None:
        (self.folder / _MARKER).write_text("{}", encoding="utf-8")
