"""A real Kubernetes control plane, built from Go modules, for tests and for the emulator."""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from emulator.control_plane.audit import AuditEvent
    from emulator.control_plane.builder import BuildError, build, is_built
    from emulator.control_plane.client import ApiClient, ApiError, Resource
    from emulator.control_plane.nodes import NodePool
    from emulator.control_plane.processes import ProcessError
    from emulator.control_plane.server import ControlPlane

__all__ = [
    "ApiClient",
    "ApiError",
    "AuditEvent",
    "BuildError",
    "ControlPlane",
    "NodePool",
    "ProcessError",
    "Resource",
    "build",
    "is_built",
]

_PLACES = {
    "ApiClient": "emulator.control_plane.client",
    "ApiError": "emulator.control_plane.client",
    "AuditEvent": "emulator.control_plane.audit",
    "BuildError": "emulator.control_plane.builder",
    "ControlPlane": "emulator.control_plane.server",
    "NodePool": "emulator.control_plane.nodes",
    "ProcessError": "emulator.control_plane.processes",
    "Resource": "emulator.control_plane.client",
    "build": "emulator.control_plane.builder",
    "is_built": "emulator.control_plane.builder",
}


def __getattr__(name: str) -> Any:
    """Load what is asked for when it is: a command of this package begins, and can be ended, before all of it is there."""
    if name not in _PLACES:
        raise AttributeError(f"module {__name__} has no attribute {name}")
    return getattr(import_module(_PLACES[name]), name)
