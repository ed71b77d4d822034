"""What a user sees is ours: what libraries log and warn of is shown by `--verbose` alone."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

CODE = """
from upgrades.quiet import before_anything_loads, set_up
before_anything_loads()
set_up(verbose={verbose})
import logging, os, warnings
logging.getLogger("urllib3.connectionpool").warning("Retrying after a refused connection")
logging.getLogger("azure.identity").error("EnvironmentCredential.get_token failed")
logging.error("exec: process returned 1")
warnings.warn("unverified request")
print(os.environ["GRPC_VERBOSITY"])
"""


@pytest.mark.parametrize("verbose", [False, True])
def test_libraries_are_heard_only_when_asked_for(verbose):
    env = {name: value for name, value in os.environ.items() if name != "GRPC_VERBOSITY"}
    code = CODE.format(verbose=verbose)
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, env=env)
    assert done.stdout == "NONE\n"
    said = ("Retrying", "EnvironmentCredential", "exec: process", "unverified request")
    assert [words in done.stderr for words in said] == [verbose] * len(said)
