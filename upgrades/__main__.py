"""Starts the command line."""

import sys

from upgrades.cli import main

sys.exit(main())
