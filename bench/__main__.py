"""`python -m bench [name ...]`: runs the benchmarks named, or all."""

from __future__ import annotations

import importlib
import sys
from pathlib import Path

from secure_aks_lifecycle.ending import run

HELPERS = {"__init__", "__main__", "manifests", "measure", "pack_process"}


def main() -> None:
    """Run benchmarks by the names of their modules; all without names."""
    names = sys.argv[1:]
    known = sorted(path.stem for path in Path(__file__).parent.glob("*.py") if path.stem not in HELPERS)
    wrong = [name for name in names if name not in known]
    if wrong:
        sys.exit(f"no benchmark is called {', '.join(wrong)}; there are {', '.join(known)}")
    for name in names or known:
        print(f"\n== {name}", flush=True)
        importlib.import_module(f"bench.{name}").run()


if __name__ == "__main__":
    run(lambda: main)
