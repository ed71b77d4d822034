"""A real Kubernetes control plane, built from Go modules, for tests and for the emulator."""

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
