"""`python -m tests.tour`: walk the tour, and draw the landing page's pictures of what it printed."""

import sys
import tempfile
from pathlib import Path

from .pictures import PRINTED, draw
from .walk import clone, walk

with tempfile.TemporaryDirectory() as folder:
    printed = walk(clone(Path(folder)))
for name in PRINTED:
    sys.stdout.write(f"{draw(name, printed)}\n")
