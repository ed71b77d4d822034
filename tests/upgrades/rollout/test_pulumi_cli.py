"""The CLI in a session of its own, tried on a script that stands for it: signals, a reader that dies, what it says when it cannot begin."""

from __future__ import annotations

import multiprocessing
import os
import signal
import socket
import sys
from pathlib import Path
from threading import Thread

import pytest
from pulumi.automation import CommandError, ConcurrentUpdateError, StackNotFoundError

from tests.upgrades.fakes import until
from upgrades.engine.cli_errors import is_held_here, is_left_behind
from upgrades.engine.process import EngineRecord
from upgrades.engine.pulumi_cli import EngineWorksError, NoCliError, PulumiCli
from upgrades.errors.transient import complaint

SCRIPT = f"""#!{sys.executable}
import os, pathlib, signal, sys, time
if sys.argv[1:] == ["version"]:
    print("v3.276.0")
    sys.exit()
words = sys.argv[2:]  # after --non-interactive
log = pathlib.Path({{log!r}})
def note(text):
    with log.open("a") as file:
        file.write(text + "\\n")
signal.signal(signal.SIGINT, lambda *_: (note("interrupted"), sys.exit(1)) if words[0] != "deaf" else note("interrupted"))
note(f"began {{{{os.getsid(0) == os.getpid()}}}}")
if words[0] in ("up", "wait", "deaf"):
    for _ in range(40):
        print("a line", flush=True)
        time.sleep(0.02)
if len(words) < 2:
    print(*words)
note("ended")
sys.stderr.write("".join(words[2:]))
sys.exit(int(words[1]) if len(words) > 1 else 0)
"""


@pytest.fixture
def log(tmp_path, monkeypatch):
    """Put the script on PATH; what it notes is in this file."""
    path = tmp_path / "log"
    command = tmp_path / "pulumi"
    command.write_text(SCRIPT.format(log=str(path)))
    command.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
    return path


def run(cli, *words):
    return cli.run(list(words), cwd=".", additional_env={})


def once_it_works(log, then):
    """Do something as soon as the script has noted that it began, while this thread waits for its end."""

    def watch():
        until(lambda: log.exists() and "began" in log.read_text(), seconds=30)
        then()

    Thread(target=watch, daemon=True).start()


def test_it_runs_in_a_session_of_its_own_and_hands_its_lines_on(log):
    lines = []
    done = PulumiCli().run(["stack"], ".", {}, on_output=lines.append)
    assert (done.code, done.stdout, lines) == (0, "stack", ["stack"])
    assert log.read_text() == "began True\nended\n"


def test_an_interrupt_is_handed_on_once(log):
    cli = PulumiCli()
    once_it_works(log, cli.interrupt)
    with pytest.raises(CommandError):
        run(cli, "wait")
    assert log.read_text() == "began True\ninterrupted\n"
    cli.interrupt()  # nothing runs: nobody is hit


def test_a_caller_that_goes_ends_what_it_began(log, monkeypatch):
    monkeypatch.setattr("upgrades.engine.pulumi_cli.GRACE", 0.1)
    for words, noted in (("wait", "interrupted"), ("deaf", "interrupted")):
        log.unlink(missing_ok=True)
        once_it_works(log, lambda: os.kill(os.getpid(), signal.SIGINT))
        before = signal.signal(signal.SIGINT, signal.default_int_handler)
        try:
            with pytest.raises(KeyboardInterrupt):
                run(PulumiCli(), words)
        finally:
            signal.signal(signal.SIGINT, before)
        assert log.read_text().splitlines()[-1] == noted, "a deaf one is killed"


def _up(path: str) -> None:
    run(PulumiCli(EngineRecord(Path(path))), "up")


def test_an_up_outlives_a_tool_that_is_killed_and_is_known_to_work(log, tmp_path):
    engine = EngineRecord(tmp_path / "dev.engine")
    assert not engine.works()
    tool = multiprocessing.get_context("spawn").Process(target=_up, args=(str(engine.path),))
    tool.start()
    until(lambda: log.exists() and "began" in log.read_text(), seconds=30)
    tool.kill()
    tool.join()
    assert engine.works()
    with pytest.raises(EngineWorksError):
        run(PulumiCli(engine), "up")
    until(lambda: "ended" in log.read_text(), seconds=30)
    until(lambda: not engine.works(), seconds=30)
    run(PulumiCli(engine), "up")


@pytest.mark.parametrize(
    ("said", "kind", "words"),
    [
        ("error: no stack named 'dev' found", StackNotFoundError, "`pulumi stack init dev`"),
        ("error: PULUMI_ACCESS_TOKEN must be set for login", CommandError, "`pulumi login`"),
        (
            "error: passphrase must be set with PULUMI_CONFIG_PASSPHRASE",
            CommandError,
            "PULUMI_CONFIG_PASSPHRASE_FILE",
        ),
        (
            "error: failed to create '/no/home': mkdir /no: read-only file system",
            CommandError,
            "/no/home: read-only file system: Pulumi cannot make its own folder; name another one: PULUMI_HOME=<folder>",
        ),
        ("error: something else", CommandError, "something else"),
    ],
)
def test_what_it_cannot_begin_with_is_one_line_with_a_remedy(log, said, kind, words):
    with pytest.raises(kind) as raised:
        run(PulumiCli(), "stack", "255", said)
    assert words in complaint(raised.value)
    assert "\n" not in complaint(raised.value)


def test_without_a_cli_two_ways_to_one_are_named(tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(NoCliError, match=r"install it \(https://.*--lab"):
        PulumiCli()
    (tmp_path / "pulumi").write_text("#!/bin/sh\necho v3.0.0\n")
    (tmp_path / "pulumi").chmod(0o755)
    with pytest.raises(NoCliError, match="will not do: Minimum version"):
        PulumiCli()


def test_a_lock_is_left_behind_when_its_holder_was_here_and_is_no_more(log):
    gone = multiprocessing.get_context("spawn").Process(target=int)
    gone.start()
    gone.join()
    lock = "error: the stack is currently locked by 1 lock(s)  created by me@{} (pid {}) at 2026"
    for host, pid, left in (
        (socket.gethostname(), gone.pid, True),
        (socket.gethostname(), os.getpid(), False),
        ("elsewhere", gone.pid, False),
    ):
        with pytest.raises(ConcurrentUpdateError) as raised:
            run(PulumiCli(), "stack", "255", lock.format(host, pid))
        assert is_left_behind(raised.value) is left
        assert is_held_here(raised.value) is (host != "elsewhere" and not left)


@pytest.mark.parametrize(("words", "lost"), [(("stack",), True), (("up", "0"), False), (("up", "1"), True)])
def test_a_full_folder_for_what_it_says_is_told_and_no_change_is_lost(log, monkeypatch, words, lost):
    real = os.fstatvfs

    class Full:
        f_bavail = 0

    monkeypatch.setattr("upgrades.engine.pulumi_cli.os.fstatvfs", lambda _: Full)
    if not lost:
        assert run(PulumiCli(), *words).code == 0
        return
    with pytest.raises(CommandError) as error:
        run(PulumiCli(), *words)
    assert complaint(error.value).endswith("name another folder: TMPDIR=<folder>")
    monkeypatch.setattr("upgrades.engine.pulumi_cli.os.fstatvfs", real)
    assert log.read_text().endswith("ended\n")
