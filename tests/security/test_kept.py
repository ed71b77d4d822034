"""What an earlier start read and compiled is used while it holds, and nothing else is."""

import os
import subprocess
import sys

import pytest
from secure_aks_security.kept import Kept

# Judges a pod as the pack does, and says what it found and whether it had to translate for it.
RUN = """
import sys
from datetime import date
from secure_aks_security.stack_file.configuration import configure
from secure_aks_security.judging.judge import Judge, Record
from secure_aks_security.kept import KEPT
from secure_aks_security.judging.resources import Resource
from secure_aks_security.rules import load_rules
judge = Judge(load_rules(), configure(load_rules(), {}), date(2026, 11, 23), Record())
pod = {"spec": {"containers": [{"name": "c", "image": "a.io/b:1", "securityContext": {"privileged": True}}]}}
found = judge.judge(Resource("kubernetes:core/v1:Pod", "urn", "it", pod))
KEPT.save()
print("secure_aks_security.cel.translation" in sys.modules, *(one.message for one in found), sep="\\n")
"""


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "maker").mkdir()
    (tmp_path / "maker" / "translator.py").write_text("first")
    (tmp_path / "rule.yaml").write_text("id: one")
    return tmp_path


def kept(folder):
    return Kept(folder / "inner" / "it.kept", folder / "maker")


def asked(folder):
    """What is read and translated anew by one who asks for both."""
    made = []
    one = kept(folder)

    def read(path):
        made.append(path.name)
        return {"text": path.read_text()}

    def source():
        made.append("source")
        return "lambda: 1 + 1"

    assert one.content(folder / "rule.yaml", read) == {"text": (folder / "rule.yaml").read_text()}
    assert eval(one.code("sum", source))() == 2  # noqa: S307
    one.save()
    return made


def test_a_second_start_reads_and_translates_nothing(folder):
    assert asked(folder) == ["rule.yaml", "source"]
    assert asked(folder) == []


def test_a_changed_file_is_read_again(folder):
    asked(folder)
    (folder / "rule.yaml").write_text("id: another")
    assert asked(folder) == ["rule.yaml"]
    assert asked(folder) == []


def test_another_translator_keeps_nothing_of_the_first(folder):
    asked(folder)
    (folder / "maker" / "translator.py").write_text("the second")
    assert asked(folder) == ["rule.yaml", "source"]


@pytest.mark.parametrize("spoil", [lambda found: found[:-3], lambda found: found[:-1] + b"\0", lambda _: b""])
def test_a_broken_file_keeps_nothing(folder, spoil):
    asked(folder)
    file = folder / "inner" / "it.kept"
    file.write_bytes(spoil(file.read_bytes()))
    assert asked(folder) == ["rule.yaml", "source"]


def test_where_nothing_may_be_written_nothing_is(folder, monkeypatch):
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    asked(folder)
    assert not (folder / "inner").exists()
    monkeypatch.undo()
    (folder / "inner").write_text("a file where the folder should be")
    assert asked(folder) == ["rule.yaml", "source"]


def test_the_pack_starts_with_what_it_kept_and_says_the_same(tmp_path):
    left_out = ("PYTHONDONTWRITEBYTECODE",)
    environment = {name: value for name, value in os.environ.items() if name not in left_out}
    environment["PYTHONPYCACHEPREFIX"] = str(tmp_path)
    said = [
        subprocess.run(
            [sys.executable, "-c", RUN], env=environment, capture_output=True, text=True, check=True
        ).stdout
        for _ in range(2)
    ]
    assert "[pod-privileged]" in said[0]
    assert said == [said[0], said[0].replace("True\n", "False\n", 1)]
