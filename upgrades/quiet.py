"""What a user sees is ours: libraries log nothing and warn of nothing, unless `--verbose` asks for it.

Set up in this one place. What matters of a library's failure comes as an exception, and is told in one line of ours.
"""

from __future__ import annotations

import logging
import os
import sys
import warnings


def before_anything_loads() -> None:
    """Keep gRPC's C core, which reads its settings when it is loaded, from writing to stderr."""
    os.environ.setdefault("GRPC_VERBOSITY", "NONE")


def set_up(*, verbose: bool) -> None:
    """Send what libraries log and warn of to stderr, or (not `verbose`) nowhere."""
    root = logging.getLogger()
    logging.captureWarnings(capture=True)
    if verbose:
        warnings.simplefilter("default")
        logging.basicConfig(stream=sys.stderr, level=logging.INFO, format="%(name)s: %(message)s")
    elif not root.handlers:
        # Without any handler Python prints warnings by its "handler of last resort".
        root.addHandler(logging.NullHandler())
