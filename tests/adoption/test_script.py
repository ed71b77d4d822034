"""`./secure-aks` as a shell sees it: its first run without make, in any folder, a Ctrl-C, and the completion of its words."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess

import pytest

from tests.adoption.workflows import ROOT


def in_bash(script, **environment):
    """Run a script in bash, in the project's folder. Bash by its path: a test may take away PATH."""
    return subprocess.run(
        ["/bin/bash", "--norc", "-euo", "pipefail", "-c", script],
        cwd=ROOT,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture
def without_make(tmp_path):
    """A PATH with what the script needs and no make."""
    folder = tmp_path / "bin"
    folder.mkdir()
    for name in ("bash", "env", "dirname", "readlink"):
        (folder / name).symlink_to(str(shutil.which(name)))
    return str(folder)


def test_without_make_the_first_run_says_what_to_install(tmp_path, without_make):
    shutil.copy(ROOT / "secure-aks", tmp_path)
    done = in_bash(f"{tmp_path}/secure-aks --help", PATH=without_make)
    assert (done.returncode, done.stdout) == (1, "")
    [line] = done.stderr.splitlines()
    assert "needs make" in line
    assert "sudo apt-get install make" in line


def test_once_set_up_it_needs_no_make(without_make):
    done = in_bash("./secure-aks explain PDB001", PATH=without_make)
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("PDB001")


@pytest.mark.parametrize("command", ["explain PDB001", "admission --kubernetes-version 1.35.6"])
def test_a_folder_with_modules_of_the_same_names_is_in_nobodys_way(tmp_path, command):
    for name in ("settings", "cli", "upgrades", "secure_aks_security"):
        (tmp_path / f"{name}.py").write_text("raise SystemExit('not ours')\n")
    done = in_bash(f"cd {tmp_path}; {ROOT}/secure-aks {command}")
    assert (done.returncode, done.stderr) == (0, "")


def test_a_ctrl_c_while_python_starts_is_quiet(tmp_path):
    """Python's own start runs sitecustomize; without what the script does there, this is a traceback of `site`."""
    (tmp_path / "sitecustomize.py").write_text("import os, signal\nos.kill(os.getpid(), signal.SIGINT)\n")
    done = in_bash("(./secure-aks explain PDB001)", PYTHONPATH=str(tmp_path))
    assert (done.returncode in {130, -2}, done.stdout, done.stderr) == (True, "", "")


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("./secure-aks", "./secure-aks"),
        ("PATH=$PWD:$PATH; secure-aks", "secure-aks"),
        ("cd docs; ../secure-aks", "../secure-aks"),
        (".venv/bin/python -m cli", ".venv/bin/python -m cli"),
    ],
)
@pytest.mark.parametrize(
    "command",
    [
        "upgrades check",
        *(pytest.param(one, marks=pytest.mark.soak) for one in ("explain", "access", "preview")),
    ],
)
def test_usage_says_what_was_typed(typed, told, command):
    done = in_bash(f"{typed} {command} --help", COLUMNS="80")
    assert done.returncode == 0, done.stderr
    assert f"{told} {command} [" in done.stdout


def test_a_command_to_be_typed_next_is_called_as_this_one_was():
    for typed in ("./secure-aks upgrades", ".venv/bin/python -m upgrades"):
        done = in_bash(f"{typed} resume --stack dev --lab")
        assert done.returncode == 1
        assert f"begin one: {typed} rollout --stack dev --lab --to" in " ".join(done.stderr.split())


def completed(loads, words, home):
    """What bash offers for the last of the words, as they were typed: with their quotes."""
    quoted = shlex.join(words)
    done = in_bash(
        f"{loads}\n"
        "complete -p secure-aks >/dev/null\n"
        f"COMP_WORDS=({quoted}); COMP_CWORD={len(words) - 1}; COMPREPLY=()\n"
        "_secure_aks_completion ./secure-aks\n"
        "printf '%s\\n' \"${COMPREPLY[@]}\"",
        HOME=str(home),
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.split()


@pytest.mark.parametrize(
    ("words", "offered"),
    [
        pytest.param(("./secure-aks", "up"), ["up", "upgrades"], marks=pytest.mark.soak),
        pytest.param(("./secure-aks", "explain", "--he"), ["--help"], marks=pytest.mark.soak),
        pytest.param(("./secure-aks", "upgrades", "ro"), ["rollout", "rollback"], marks=pytest.mark.soak),
        (("./secure-aks", "upgrades", "check", "--stack", "s"), ["staging"]),
        pytest.param(("./secure-aks", "windows", "--st"), ["--stack"], marks=pytest.mark.soak),
        pytest.param(("./secure-aks", "import", "--adm"), ["--admin-group"], marks=pytest.mark.soak),
        pytest.param(("./secure-aks", "access", "--f"), ["--format"], marks=pytest.mark.soak),
        pytest.param(("./secure-aks", "access", "--format", "c"), ["csv"], marks=pytest.mark.soak),
        pytest.param(
            ("./secure-aks", "settings", "--stack", ""), ["dev", "prod", "staging"], marks=pytest.mark.soak
        ),
        pytest.param(("./secure-aks", "-C", "'~/a shop'", "up"), ["up", "upgrades"], marks=pytest.mark.soak),
        pytest.param(
            ("./secure-aks", "-C", "~/a\\ shop", "access", "--stack", ""), ["theirs"], marks=pytest.mark.soak
        ),
        (("./secure-aks", "upgrades", "check", "--cwd", '"$HOME/a shop"', "--stack", ""), ["theirs"]),
    ],
)
def test_what_it_shows_completes_in_bash(words, offered, tmp_path):
    a_shop(tmp_path)
    assert completed('eval "$(./secure-aks --show-completion)"', words, tmp_path) == offered


def test_what_it_installs_completes_in_a_new_bash(tmp_path):
    done = in_bash("./secure-aks --install-completion; true", HOME=str(tmp_path))
    assert (done.returncode, "bash completion installed" in done.stdout) == (0, True), done.stderr
    assert completed(f"source {tmp_path}/.bashrc", ("./secure-aks", "revi"), tmp_path) == ["review"]


def a_shop(home):
    """Make a folder with a stack of its own, and a space in its name."""
    (home / "a shop").mkdir()
    for name in ("Pulumi.yaml", "Pulumi.theirs.yaml"):
        (home / "a shop" / name).write_text("name: shop\n")


THEIR_SHELLS = {
    # zsh has the typed words in `words`, and `_arguments` offers what it is given
    "zsh": "compdef() {{ }}; _arguments() {{ print -- $@ }}; {loads}; words=({words} ''); CURRENT=$#words; _secure_aks_completion",
    "fish": "{loads} | source; complete --do-complete={line}",
}


@pytest.mark.soak
@pytest.mark.parametrize("shell", [*filter(shutil.which, THEIR_SHELLS)])
def test_another_shell_that_is_here_completes_in_another_folder(shell, tmp_path):
    """What was typed is asked, `./secure-aks` too: typer's own scripts ask what PATH has by the name."""
    a_shop(tmp_path)
    line = f"{ROOT}/secure-aks -C 'a shop' access --stack "
    shows = f"_TYPER_COMPLETE_TEST_DISABLE_SHELL_DETECTION=1 {ROOT}/secure-aks --show-completion {shell}"
    loads = f'eval "$({shows})"' if shell == "zsh" else shows
    words = " ".join(map(shlex.quote, line.split(" ")[:-1])) if shell == "zsh" else ""
    script = THEIR_SHELLS[shell].format(loads=loads, words=words, line=shlex.quote(line))
    bare = {"zsh": ["-f"], "fish": ["--no-config"]}[shell]
    done = subprocess.run(
        [shell, *bare, "-c", script], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert re.findall(r"\w+", done.stdout) == ["theirs"], done.stdout + done.stderr
