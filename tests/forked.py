"""`python -m <module>` in a process of its own, which is forked from one that has loaded the libraries already.

A command spends most of its time loading what it stands on; a run of the tests starts hundreds. How a command begins and ends
with the interpreter itself is for `tests/test_ending.py`, which starts each anew.
"""

from __future__ import annotations

import atexit
import json
import subprocess
import sys
import tempfile
from functools import cache
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, cast

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

ROOT = Path(__file__).parents[1]
# Of `upgrades` and `cli` nothing is loaded: their consoles look at the streams and the columns when they are.
_SERVER = """
import json, os, runpy, sys
os.environ["GRPC_VERBOSITY"] = "NONE"
import pulumi.automation, rich.console, rich.table, rich.markdown, ruamel.yaml, settings.reading.load, typer, yaml
import secure_aks_lifecycle.facts.catalog, secure_aks_lifecycle.ending
import gc
gc.freeze()

def become(told):
    os.chdir(told["cwd"])
    os.environ.clear()
    os.environ.update(told["env"])
    for number, path in enumerate((os.devnull, *told["streams"])):
        file = os.open(path, os.O_RDWR | os.O_CREAT)
        os.dup2(file, number)
        os.close(file)
    sys.path[:1] = [told["cwd"], *told["env"].get("PYTHONPATH", "").split(os.pathsep)]
    module, *sys.argv[1:] = told["words"]
    runpy.run_module(module, run_name="__main__", alter_sys=True)

def serve():
    for line in sys.stdin:
        pid = os.fork()
        if not pid:
            return json.loads(line)
        print(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]), flush=True)

if told := serve():
    become(told)
"""


def run(words: Sequence[str], cwd: Path, environment: Mapping[str, str]) -> subprocess.CompletedProcess[str]:
    """Run a module with words in a folder and an environment, to its end; nothing is on its stdin."""
    server = _server()
    asked, answer = cast("IO[str]", server.stdin), cast("IO[str]", server.stdout)
    with tempfile.TemporaryDirectory() as folder:
        streams = [Path(folder, name) for name in ("stdout", "stderr")]
        told: dict[str, Any] = {"words": list(words), "cwd": str(cwd), "env": dict(environment)}
        asked.write(json.dumps({**told, "streams": [str(path) for path in streams]}) + "\n")
        asked.flush()
        code = int(answer.readline())
        said = [path.read_text("utf-8") for path in streams]
    return subprocess.CompletedProcess(list(words), code, *said)


@cache
def _server() -> subprocess.Popen[str]:
    pipe = subprocess.PIPE
    server = subprocess.Popen(
        [sys.executable, "-c", _SERVER], cwd=ROOT, stdin=pipe, stdout=pipe, text=True, start_new_session=True
    )
    atexit.register(_end, server)
    return server


def _end(server: subprocess.Popen[str]) -> None:
    with server:
        cast("IO[str]", server.stdin).close()
