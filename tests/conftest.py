"""Fixtures of every room."""

import gc
import os
import signal

from hypothesis import settings  # here, so that it is not first imported when a run ends

# How long an example takes says how busy the machine is, and nothing about the code.
settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")

# Thirteen thousand collected tests stay until the end: to look through them again and again is a fifth of a run.
gc.set_threshold(50_000, 20, 50)

# What a shell starts in the background hears no Ctrl-C, nor do its children, which tests send one.
signal.signal(signal.SIGINT, signal.default_int_handler)

# A lab's control plane goes on between commands; those of a run of tests end with it, killed or not.
os.environ.setdefault("SECURE_AKS_LAB_ENDS_WITH", str(os.getpid()))

pytest_plugins = ["tests.control_plane_fixture", "tests.scheduling", "tests.shipped_up"]


def pytest_collection_finish():
    """Have the garbage collector leave alone what was collected."""
    gc.collect()
    gc.freeze()


def pytest_terminal_summary(terminalreporter):
    """Say what passing tests counted: `record_property("counted", "57,000 cells of ...")`."""
    for report in terminalreporter.getreports("passed"):
        for name, value in report.user_properties:
            if name == "counted" and report.when == "call":
                terminalreporter.write_line(f"counted: {value}")
