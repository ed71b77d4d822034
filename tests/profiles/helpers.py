"""Pools, an image, and OCI bundles that runc runs with the real kernel's seccomp."""

import json
import os
import shutil
import subprocess
import sys
import uuid
from pathlib import Path
from typing import Any

from settings.sections.pools import Pool, SystemPool

IMAGE = f"team.azurecr.io/profile-loader@sha256:{'1' * 64}"
BOTH = {
    "seccomp": ["hardened", "prevent-chmod"],
    "apparmor": ["hardened", "k8s-apparmor-example-deny-write"],
}
SCRIPTS = Path(__file__).parents[2] / "components" / "profiles" / "scripts"
PROFILES = Path(__file__).parents[2] / "profiles"
_REMEDY = "run `make system-packages`, or install it with your system's package manager"


def pool(name: str, **changes: Any) -> Pool:
    """A pool of Ubuntu nodes, with some of it told otherwise."""
    base = {
        "name": name,
        "version": "1.35.6",
        "vm_size": "Standard_D4ds_v5",
        "os_sku": "Ubuntu2404",
        "count": 2,
    }
    kind = SystemPool if changes.get("mode") == "System" else Pool
    return kind.model_validate({**base, **changes})


def tool(name: str) -> str:
    """The path of a program that these tests need; without it they fail and say how to get it."""
    found = shutil.which(name, path=os.pathsep.join([os.environ["PATH"], "/usr/sbin", "/sbin"]))
    assert found, f"{name} is not installed: {_REMEDY}"
    return found


class Container:
    """An OCI bundle on this machine's own programs, read-only; no capabilities and no new privileges unless said."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.root = folder / "rootfs"
        self.root.mkdir(parents=True)
        self.mounts: list[dict[str, Any]] = [{"destination": "/proc", "type": "proc", "source": "proc"}]
        self.tmpfs("/dev", 0o755)
        self.tmpfs("/tmp", 0o1777)  # noqa: S108 - of the container

    def with_this_machines_programs(self) -> "Container":
        """See this machine's libraries and this Python, read-only."""
        for name in ("bin", "lib", "lib64", "usr"):
            source = Path("/") / name
            if source.is_symlink():
                (self.root / name).symlink_to(source.readlink())
            elif source.is_dir():
                self.bind(source, f"/{name}")
        if not sys.base_prefix.startswith("/usr"):
            self.bind(Path(sys.base_prefix), sys.base_prefix)
        return self

    def with_busybox(self) -> "Container":
        """See busybox alone, under the names of its programs."""
        (self.root / "bin").mkdir()
        shutil.copy(tool("busybox"), self.root / "bin" / "busybox")
        listed = subprocess.run([tool("busybox"), "--list"], capture_output=True, text=True, check=True)
        for name in set(listed.stdout.split()) - {"busybox"}:
            (self.root / "bin" / name).symlink_to("busybox")
        return self

    def bind(self, source: Path, destination: str, *options: str) -> None:
        """Mount a folder of this machine, read-only unless said (`rw`)."""
        bits = ["rbind", *(options or ("ro",))]
        self.mounts.append(
            {"destination": destination, "type": "bind", "source": str(source), "options": bits}
        )

    def tmpfs(self, destination: str, mode: int, *options: str) -> None:
        """Mount a file system in memory; runc gives it the mode of the folder below it."""
        folder = self.root / destination.lstrip("/")
        folder.mkdir(parents=True)
        folder.chmod(mode)
        self.mounts.append(
            {"destination": destination, "type": "tmpfs", "source": "tmpfs", "options": list(options)}
        )

    def run(
        self,
        *command: str,
        seccomp: dict[str, Any] | None = None,
        user: int = 0,
        environment: dict[str, str] | None = None,
    ) -> subprocess.CompletedProcess[str]:
        """Run a command to its end, under a seccomp profile as the kubelet's runtime would read it."""
        variables = {"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", **(environment or {})}
        linux: dict[str, Any] = {
            "namespaces": [{"type": kind} for kind in ("pid", "ipc", "uts", "mount", "network")]
        }
        if os.geteuid():  # without root: a user namespace in which this user is root
            linux["namespaces"].append({"type": "user"})
            linux["uidMappings"] = [{"containerID": user, "hostID": os.geteuid(), "size": 1}]
            linux["gidMappings"] = [{"containerID": user, "hostID": os.getegid(), "size": 1}]
        if seccomp:
            linux["seccomp"] = seccomp
        config = {
            "ociVersion": "1.0.2",
            "process": {
                "user": {"uid": user, "gid": user},
                "args": list(command),
                "env": [f"{name}={value}" for name, value in variables.items()],
                "cwd": "/",
                "noNewPrivileges": True,
                "capabilities": {},
            },
            "root": {"path": "rootfs", "readonly": True},
            "mounts": self.mounts,
            "linux": linux,
        }
        (self.folder / "config.json").write_text(json.dumps(config))
        name = f"secure-aks-{uuid.uuid4().hex[:12]}"
        start = [
            tool("runc"),
            "--root",
            str(self.folder / "state"),
            "run",
            "--bundle",
            str(self.folder),
            name,
        ]
        return subprocess.run(start, capture_output=True, text=True, check=False)
