"""Fuzz the reading of stack files: `make fuzz`, or `python -m tests.settings.fuzz --files 10000 --seed 1`.

Every finding is a file in .cache/fuzz, to be taken into the corpus once it is mended.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import resource
import shutil
import signal
import sys
import tempfile
import time
from pathlib import Path
from random import Random
from typing import Any

from secure_aks_lifecycle.ending import run

from settings.reading.nodes import compose
from tests.settings.fuzz import mutate
from tests.settings.fuzz.judge import SECONDS, complaint

ROOT = Path(__file__).parents[3]
CORPUS = Path(__file__).parent / "corpus"
FOUND = ROOT / ".cache" / "fuzz"
_MEMORY = 2 * 1024**3
_HANGS = 20


def seeds() -> list[Path]:
    """The files that others are made of: the shipped stacks and the corpus."""
    return [*sorted(ROOT.glob("Pulumi.*.yaml")), *sorted(CORPUS.glob("*.yaml"))]


def made(count: int, seed: int) -> Any:
    """Yield so many stack files, the corpus first."""
    random = Random(seed)  # noqa: S311  # not for secrets
    texts = [path.read_bytes() for path in seeds()]
    yield from texts
    trees = [
        mutate.document(tree)
        for path in sorted(ROOT.glob("Pulumi.*.yaml"))
        if (tree := compose(path.read_text(encoding="utf-8")).root)
    ]
    trees = [tree for tree in trees if "config" in tree]
    for _ in range(count - len(texts)):
        if random.random() < 0.5:
            yield mutate.values(random.choice(trees), random)
        else:
            yield mutate.text(random.choice(texts), random)


def main() -> int:
    """Run; 1 when something was found."""
    parser = argparse.ArgumentParser(description="Fuzz the reading of stack files.")
    parser.add_argument("--files", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=int(time.time()))
    options = parser.parse_args()
    os.environ.setdefault("SECURE_AKS_CLOCK", "2026-11-23")
    resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))
    # A hang ends with a traceback of where, too.
    signal.signal(signal.SIGVTALRM, lambda *_: sys.exit(f"a file took more than {_HANGS} s"))
    found = 0
    with tempfile.TemporaryDirectory() as folder:
        for stack in ("dev", "staging", "prod"):
            shutil.copy(ROOT / f"Pulumi.{stack}.yaml", folder)
        path = Path(folder) / "Pulumi.prod.yaml"
        for data in made(options.files, options.seed):
            path.write_bytes(data)
            signal.setitimer(signal.ITIMER_VIRTUAL, _HANGS)
            why = complaint(path, SECONDS)
            signal.setitimer(signal.ITIMER_VIRTUAL, 0)
            if why:
                found += 1
                kept = FOUND / f"{hashlib.sha256(data).hexdigest()[:12]}.yaml"
                FOUND.mkdir(parents=True, exist_ok=True)
                kept.write_bytes(data)
                sys.stdout.write(f"{kept}: {why}\n")
    sys.stdout.write(f"{options.files:,} stack files of seed {options.seed}: {found or 'nothing'} found\n")
    return 1 if found else 0


if __name__ == "__main__":
    run(lambda: main)
