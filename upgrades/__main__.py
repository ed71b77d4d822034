"""Starts the command line."""

import sys

from upgrades.quiet import before_anything_loads

before_anything_loads()

from upgrades.cli import main  # noqa: E402 - the line above is for what this imports

sys.exit(main())
