"""`python -m emulator`: see `emulator.cli`."""

import gc
import signal
import sys

signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell starts background jobs with it ignored
gc.disable()  # one command makes little garbage; looking for it takes a third of the imports

from emulator.cli import main  # noqa: E402 - the line above is for what this imports

sys.exit(main())
