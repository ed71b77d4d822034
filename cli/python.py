"""Python as this process was started: by the script without the current folder, whose modules may have the names of ours."""

import sys

PYTHON = [sys.executable, *(["-P"] if sys.flags.safe_path else [])]
