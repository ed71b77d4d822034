"""`python -m tests.tour`: walk the tour, and draw the landing page's pictures of what it printed."""

import sys
import tempfile
from pathlib import Path

from secure_aks_lifecycle.ending import run

from .pictures import PRINTED, draw
from .walk import clone, walk


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        printed = walk(clone(Path(folder)))
    for name in PRINTED:
        sys.stdout.write(f"{draw(name, printed)}\n")


run(lambda: main)
