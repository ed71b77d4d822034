"""How a command begins and ends: with streams to write to, an exit code, and one line for whatever the machine does.

The same file stands in `secure_aks_security` and `secure_aks_lifecycle`, neither of which imports the other.
"""

from __future__ import annotations

import contextlib
import errno
import io
import os
import shlex
import signal
import sys
from typing import TYPE_CHECKING, Any, NoReturn

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, MutableMapping
    from types import TracebackType

TRACE = "SECURE_AKS_TRACEBACK"
"""Variable that, when it is set, has a defect shown whole."""
INTERRUPTED, BROKEN_PIPE = 130, 141
"""Exit codes as shells give them: 128 and the signal's number."""
_SHOWN = 300
_ROOM = "make room and rights for it"
_OTHER_PATH = dict.fromkeys(
    (
        errno.ENAMETOOLONG,
        errno.ENOENT,
        errno.ENOTDIR,
        errno.EISDIR,
        errno.ELOOP,
        errno.EEXIST,
        errno.EINVAL,
        errno.ENXIO,
    ),
    "name another path",
)
_NO_TEMPORARY = "No usable temporary directory"
"""How Python's tempfile begins what it says when it finds none."""
_UNIX = {"fcntl", "grp", "pwd", "resource", "termios"}
_STREAMS = (("stdin", "r"), ("stdout", "w"), ("stderr", "w"))


def run(load: Callable[[], Callable[[], int | None]]) -> NoReturn:
    """Run the command that `load` returns (it imports it), and end the process with its exit code."""
    _open_streams()
    code: object = 1
    try:
        code = _ended(load)
        for stream in (sys.stdout, sys.stderr):
            stream.flush()
    except BrokenPipeError:  # whoever read it has enough
        _silence()
        code = BROKEN_PIPE
    except OSError as error:  # a full disk behind stdout shows only now
        _silence()
        code = _told(error)
    sys.exit(code if isinstance(code, int) else 1)


def typed(module: str, *words: str) -> str:
    """Return how `python -m module words` is called here, for usage lines and for commands to be typed next.

    What runs it under another name says that name as `TYPED` in its `__main__`; else it is what this process was called by.
    """
    if said := getattr(sys.modules["__main__"], "TYPED", None):
        return str(said)
    begins = sys.orig_argv[: sys.orig_argv.index(module) + 1] if module in sys.orig_argv else []
    return shlex.join([*(begins if begins[-2:] == ["-m", module] else ["python", "-m", module]), *words])


def there(program: str = "") -> str:
    """Return how a program that takes `-C` is called where this command was begun: `make`, `pulumi`, without a name our own script."""
    said = vars(sys.modules["__main__"])
    folder = f" -C {shlex.quote(said['FOLDER'])}" if "FOLDER" in said else ""
    return f"{program or said.get('TOOL', './secure-aks')}{folder}"


@contextlib.contextmanager
def entered(folder: str | os.PathLike[str] | None) -> Generator[None]:
    """Be in a folder as if started there, as `-C` asks; the commands that are advised meanwhile say it too. Raises OSError."""
    if folder is None:
        yield
        return
    main, path = sys.modules["__main__"], [os.environ.get("PYTHONPATH", "")]
    name = typed(main.__spec__.name.removesuffix(".__main__") if main.__spec__ else "")
    if not sys.flags.safe_path:  # what is started from here finds the modules that this found where it began
        path.append(os.getcwd())  # noqa: PTH109 - pathlib is not loaded
    with (
        contextlib.chdir(folder),
        _set(vars(main), "TYPED", f"{name} -C {shlex.quote(os.fspath(folder))}"),
        _set(vars(main), "FOLDER", os.path.join(vars(main).get("FOLDER", ""), folder)),  # noqa: PTH118 - pathlib is not loaded
        _set(os.environ, "PYTHONPATH", os.pathsep.join(filter(None, path))),
    ):
        yield


@contextlib.contextmanager
def _set(where: MutableMapping[str, Any], name: str, value: str) -> Generator[None]:
    before = where.get(name)
    where[name] = value
    try:
        yield
    finally:
        if before is None:
            where.pop(name, None)
        else:
            where[name] = before


def _ended(load: Callable[[], Callable[[], int | None]]) -> object:
    """Return the exit code of a command, and say in one line what it did not see coming. Raises BrokenPipeError."""
    try:
        return _loaded(load)() or 0
    except SystemExit as ended:
        if isinstance(ended.__context__, BrokenPipeError):  # typer makes 1 of it
            raise ended.__context__ from None
        return _say(ended.code) if isinstance(ended.code, str) else ended.code or 0
    except KeyboardInterrupt:
        return INTERRUPTED
    except BrokenPipeError:
        raise
    except Exception as error:
        if os.environ.get(TRACE):
            raise
        return _told(error)


def _loaded(load: Callable[[], Callable[[], int | None]]) -> Callable[[], int | None]:
    """Return what is loaded. A Ctrl-C meanwhile ends the process as it does any other: a library makes a fault of its own of it.

    Where it is ignored, as a shell has it for jobs in the background, or is somebody's own, it stays so.
    """
    if signal.getsignal(signal.SIGINT) not in (signal.default_int_handler, signal.SIG_DFL):
        return load()
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    try:
        return load()
    finally:
        signal.signal(signal.SIGINT, signal.default_int_handler)


def _told(error: Exception) -> int:
    if isinstance(error, ModuleNotFoundError):
        missing = f"{error.name} is not installed here: run `make setup` once, then use .venv/bin/python"
        windows = f"this needs Linux or macOS (there is no `{error.name}` here); on Windows use WSL"
        return _say(windows if error.name in _UNIX else missing)
    if isinstance(error, OSError):
        if error.errno == errno.ENOSPC and not error.filename:
            _silence()  # else what is left in the buffer is told of a second time
        what = str(error.filename or (_full() if error.errno == errno.ENOSPC else ""))[:_SHOWN]
        why = f"{what}: {error.strerror or error}" if what else str(error.strerror or error)
        if _NO_TEMPORARY in why:
            return _say(
                f"error: {why}; make room and rights in one of them, or name another: TMPDIR=<folder>"
            )
        return _say(f"error: {why}; {_OTHER_PATH.get(error.errno or 0, _ROOM)}, and run again")
    why = " ".join(str(error).split())[:_SHOWN]
    return _say(
        f"a defect of this tool: {type(error).__name__}: {why} ({_place(error.__traceback__)}); "
        f"{TRACE}=1 shows all of it, for a report"
    )


def _full() -> str:
    """Return what is full where the error does not say: the folder for temporary files, or whatever stdout is."""
    import tempfile  # noqa: PLC0415 - what begins a command loads little

    try:
        folder = tempfile.gettempdir()
        full = os.statvfs(folder).f_bavail == 0
    except OSError:
        return "standard output"
    return f"TMPDIR={folder}" if full else "standard output"


def _say(text: str) -> int:
    shown = "".join(c if c.isprintable() or c == "\n" else f"\\u{ord(c):04x}" for c in text)
    with contextlib.suppress(OSError, ValueError):
        sys.stderr.write(f"{shown}\n")
        sys.stderr.flush()
    return 1


def _place(trace: TracebackType | None) -> str:
    place = "no place"
    while trace:
        code = trace.tb_frame.f_code
        place = f"{os.path.basename(code.co_filename)}:{trace.tb_lineno}"  # noqa: PTH119 - a name, not a file
        trace = trace.tb_next
    return place


def _open_streams() -> None:
    """See that all three streams are there, so that no file of ours becomes a child's stdout, and that any text can be written."""
    for number, (name, mode) in enumerate(_STREAMS):
        try:
            os.fstat(number)
        except OSError:
            os.set_inheritable(os.open(os.devnull, os.O_RDWR), True)  # noqa: FBT003 - the lowest number that is free
        if getattr(sys, name) is None:
            setattr(sys, name, open(number, mode, encoding="utf-8", closefd=False))  # noqa: SIM115 - for good
        stream = getattr(sys, name)
        if mode == "w" and isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


def _silence() -> None:
    """Let what is left in the buffers go nowhere, so that the interpreter does not complain at its end."""
    with contextlib.suppress(OSError, ValueError):
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, 1)
        os.close(nowhere)
