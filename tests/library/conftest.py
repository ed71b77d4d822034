"""The wheel, built from this folder and installed where nothing of this project is."""

import os
import subprocess
import sys
import sysconfig
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@dataclass(frozen=True)
class Installed:
    """An environment with the wheel: its Python, and the folder of its packages."""

    python: Path
    packages: Path

    def run(self, *words: str, cwd: Path) -> subprocess.CompletedProcess[str]:
        """Run this Python in a folder, with nothing of this project on its path."""
        env = {key: value for key, value in os.environ.items() if key != "PYTHONPATH"}
        return subprocess.run(
            [self.python, *words], cwd=cwd, env=env, capture_output=True, text=True, check=False
        )

    @contextmanager
    def start(self, *words: str, cwd: Path) -> Generator[subprocess.Popen[str]]:
        """Start this Python in a folder, and end it at the end."""
        env = {key: value for key, value in os.environ.items() if key != "PYTHONPATH"}
        process = subprocess.Popen([self.python, *words], cwd=cwd, env=env, stdout=subprocess.PIPE, text=True)
        try:
            yield process
        finally:
            process.kill()
            process.communicate()


@pytest.fixture(scope="session")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Installed:
    """Build and install the wheel as its page says, without an index: what it needs comes from this environment."""
    where = tmp_path_factory.mktemp("library")
    uv = [sys.executable, "-m", "uv", "--quiet", "--offline"]
    build = [
        "build",
        "--wheel",
        "--no-build-isolation",
        "--python",
        sys.executable,
        "-o",
        str(where),
        str(ROOT),
    ]
    subprocess.run([*uv, *build], check=True)
    [wheel] = where.glob("*.whl")
    environment = where / "environment"
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", environment], check=True)
    python = environment / "bin" / "python"
    install = ["pip", "install", "--no-deps", "--python", str(python), str(wheel)]
    subprocess.run([*uv, *install], check=True)
    [packages] = environment.glob("lib/python*/site-packages")
    (packages / "others.pth").write_text(sysconfig.get_path("purelib"))
    return Installed(python, packages)
