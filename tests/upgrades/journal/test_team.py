"""A journal that a team shares, in each kind of store: one runner at a time, and another takes over from one that is gone."""

from __future__ import annotations

import json
import os
import re
import signal
import socket
import subprocess
import sys
import threading
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, cast

import pytest
import typer

from tests.upgrades.journal.bucket import START, served
from upgrades.commands.change import running
from upgrades.journal import holder as holder_module
from upgrades.journal import place
from upgrades.journal import shared as shared_module
from upgrades.journal.file import JournalBusyError, JournalDamagedError, read
from upgrades.journal.holder import SILENT
from upgrades.journal.lease import Lease, LeaseLostError
from upgrades.journal.place import PlaceError
from upgrades.journal.shared import Shared, SharedJournal
from upgrades.session.journals import Journals

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.upgrades.journal.bucket import Bucket

ROOT = Path(__file__).parents[3]
KINDS = ("file", "s3", "azblob", "gs")
LONG_AGO, FAR_AHEAD = datetime(2001, 1, 1, tzinfo=UTC), datetime(2099, 1, 1, tzinfo=UTC)
HOLD = """
import sys, time
from upgrades.session.journals import Journals
from pathlib import Path
with Journals(Path(sys.argv[1]), "dev").open() as journal:
    journal.write("retry", what="begun")
    print("held", flush=True)
    time.sleep(600)
"""


@dataclass
class Team:
    """A place, and what lets time go by there alone."""

    url: str
    passes: Callable[[timedelta], None]
    folder: Path
    bucket: Bucket | None = None

    def journal(self, machine: str, now: datetime = START) -> SharedJournal:
        """Return the journal of `dev` as another machine opens it."""
        store = place.opened(self.url, "aks", "dev", os.environ)
        return SharedJournal(
            self.folder / machine / "dev.jsonl",
            lambda: now,
            Shared(store, self.url),
            Lease(store, self.url, "dev", machine),
        )


@contextmanager
def team(kind, folder, monkeypatch):
    if kind == "file":
        store = folder / "state"

        def age(time):
            for path in store.rglob("*.json"):
                stamp = path.stat().st_mtime - time.total_seconds()
                os.utime(path, (stamp, stamp))

        yield Team(f"file://{store}", age, folder)
        return
    with served() as bucket:
        for name, value in {
            "AWS_ACCESS_KEY_ID": "a",
            "AWS_SECRET_ACCESS_KEY": "b",
            "AZURE_STORAGE_KEY": "a2V5",
            "GOOGLE_SERVICE_ACCOUNT_KEY": json.dumps(
                {
                    "gcs_base_url": f"http://{bucket.address}",
                    "disable_oauth": True,
                    "client_email": "",
                    "private_key": "",
                    "private_key_id": "",
                }
            ),
        }.items():
            monkeypatch.setenv(name, value)
        url = {
            "s3": f"s3://bucket/sub?region=eu-west-1&endpoint={bucket.address}&disableSSL=true&s3ForcePathStyle=true",
            "azblob": f"azblob://bucket/sub?storage_account=acct&protocol=http&domain={bucket.address}&localemu=true",
            "gs": "gs://bucket/sub",
        }[kind]
        yield Team(url, bucket.passes, folder, bucket)


@pytest.fixture(params=KINDS)
def shared(request, tmp_path, monkeypatch):
    # Machines of a test are one machine; told apart as containers are.
    monkeypatch.setattr(holder_module, "machine", lambda: "")
    with team(request.param, tmp_path, monkeypatch) as found:
        yield found


def test_a_line_that_one_machine_writes_another_goes_on_from(shared):
    with shared.journal("anna") as journal:
        journal.write("retry", what="one")
    with shared.journal("ben") as journal:
        assert [entry["what"] for entry in journal.entries] == ["one"]
        journal.write("retry", what="two")
    with shared.journal("anna") as journal:
        assert [entry["what"] for entry in journal.entries] == ["one", "two"]


@pytest.mark.parametrize("clock", [LONG_AGO, FAR_AHEAD])
def test_the_second_is_refused_by_name_whatever_its_clock_says(shared, clock):
    with shared.journal("anna") as journal:
        journal.write("retry", what="one")
        with pytest.raises(JournalBusyError) as refused, shared.journal("ben", clock):
            pass
    assert re.fullmatch(
        r"dev: a rollout of this stack is held by anna \(process \d+ on [^)]+\) since 2026-11-23T09:00:00\+00:00, "
        r"last heard \S+; watch it: python -m upgrades status --stack dev; if that runner is gone, "
        r"this takes over from \S+ on: python -m upgrades resume --stack dev",
        str(refused.value),
    )


def test_one_that_is_silent_is_taken_over_and_stops_before_its_next_line(shared):
    with shared.journal("anna") as lost:
        lost.write("retry", what="one")
        shared.passes(SILENT - timedelta(seconds=30))
        with pytest.raises(JournalBusyError), shared.journal("ben"):
            pass
        shared.passes(timedelta(seconds=30))
        with shared.journal("ben") as taken:
            assert [entry["what"] for entry in taken.entries] == ["one"]
            with pytest.raises(
                LeaseLostError, match=r"dev: this rollout was taken over by ben .*upgrades status --stack dev"
            ):
                lost.write("retry", what="never")
            taken.write("retry", what="two")
    assert [entry["what"] for entry in read(shared.folder / "anna" / "dev.jsonl")] == ["one"]
    with shared.journal("anna") as journal:
        assert [entry["what"] for entry in journal.entries] == ["one", "two"]


def test_one_that_is_taken_over_while_it_sends_a_line_does_nothing_more(tmp_path, monkeypatch):
    monkeypatch.setattr(holder_module, "machine", lambda: "")
    with team("file", tmp_path, monkeypatch) as found, found.journal("anna") as lost:
        send = lost._shared.put

        def slow(number, data):
            found.passes(SILENT)
            with found.journal("ben") as taken:
                taken.write("retry", what="two")
            send(number, data)

        lost._shared.put = slow
        with pytest.raises(LeaseLostError):
            lost.write("retry", what="one")
        with found.journal("carl") as journal:
            assert [entry["what"] for entry in journal.entries] == ["two"]


def test_one_that_was_taken_over_puts_nothing_aside(tmp_path, monkeypatch):
    monkeypatch.setattr(holder_module, "machine", lambda: "")
    with team("file", tmp_path, monkeypatch) as found, found.journal("anna") as lost:
        lost.write("retry", what="one")
        found.passes(SILENT)
        with found.journal("ben"), pytest.raises(LeaseLostError):
            lost.archive()
        assert place.listed(lost._lease.store, found.url, "done") == []


def test_who_takes_a_number_below_the_highest_has_no_lease(tmp_path, monkeypatch):
    """Somebody cleaned the store up: the number after the one that was seen is free again, and another runner is far past it."""
    monkeypatch.setattr(holder_module, "machine", lambda: "")
    with team("file", tmp_path, monkeypatch) as found:
        with found.journal("carl"):
            pass
        with found.journal("ben") as journal:
            journal._lease.store.delete("leases/00000001.json")
            look = Lease.holder
            monkeypatch.setattr(Lease, "holder", lambda self: look(self) if self.number else None)
            with pytest.raises(LeaseLostError), found.journal("anna"):
                pass
            journal.write("retry", what="one")


def test_a_lease_whose_object_is_gone_is_said_to_be_lost(tmp_path, monkeypatch):
    with team("file", tmp_path, monkeypatch) as found, found.journal("anna") as journal:
        for path in place.listed(journal._lease.store, found.url, "leases"):
            journal._lease.store.delete(path)
        with pytest.raises(LeaseLostError) as error:
            journal.write("retry", what="one")
    assert str(error.value).startswith(
        "dev: this rollout was lost: its object was deleted from the store; this process stops here and writes nothing more"
    )


@pytest.mark.parametrize("text", ["runtime: python\n", "name: 7\n", "[name]\n", ""])
def test_a_project_without_a_name_is_asked_for_it_before_anything_is_read(tmp_path, monkeypatch, text):
    (tmp_path / "Pulumi.yaml").write_text(text)
    monkeypatch.setenv("SECURE_AKS_JOURNALS", (tmp_path / "state").as_uri())
    kept = Journals(tmp_path, "dev")
    for ask in (kept.entries, kept.held, kept.holder, kept.rollouts, kept.open):
        with pytest.raises(PlaceError) as error:
            ask()
        assert str(error.value) == (
            "Pulumi.yaml: name: the project needs a name, by which its journals are found: write `name: ...`"
        )


def test_a_beat_keeps_the_lease(shared):
    with shared.journal("anna") as journal:
        shared.passes(SILENT)
        journal._lease.beat()
        with pytest.raises(JournalBusyError), shared.journal("ben"):
            pass
        journal.write("retry", what="one")


def test_a_runner_beats_by_itself_for_as_long_as_it_holds_the_journal(tmp_path, monkeypatch):
    beats, twice = [], threading.Event()

    def beat(lease):
        beats.append(lease.number)
        if len(beats) > 1:
            twice.set()

    monkeypatch.setattr(shared_module, "BEAT", timedelta(milliseconds=1))
    monkeypatch.setattr(Lease, "beat", beat)
    with team("file", tmp_path, monkeypatch) as found:
        with found.journal("anna") as journal:
            assert twice.wait(60)
        assert set(beats) == {1}
        assert not journal._beats.is_alive()


def test_what_the_loser_sends_late_is_read_by_nobody(shared):
    with shared.journal("anna") as lost:
        lost.write("retry", what="one")
        shared.passes(SILENT)
        with shared.journal("ben") as taken:
            lost._lease.beat()
            lost._shared.put(lost._lease.number, b"late")
            taken.write("retry", what="two")
        with shared.journal("carl") as journal:
            assert [entry["what"] for entry in journal.entries] == ["one", "two"]


def test_of_two_that_saw_the_same_holder_one_gets_in(shared, monkeypatch):
    """The second looks, is held up, and creates its number after the first has it."""
    first, second = shared.journal("anna"), shared.journal("ben")
    look, looked = Lease.holder, []

    def held_up(self):
        found = look(self)
        if self is second._lease and not looked:
            looked.append(found)
            first.__enter__()
        return found

    monkeypatch.setattr(Lease, "holder", held_up)
    with pytest.raises(JournalBusyError, match="held by anna"), second:
        pass
    assert looked == [None]
    first.__exit__(None, None, None)


def test_lines_that_were_not_sent_go_on_when_nobody_took_over(shared):
    with shared.journal("anna") as journal:
        journal.write("retry", what="one")
    with SharedJournal.__bases__[0](shared.folder / "anna" / "dev.jsonl", lambda: START) as alone:
        alone.write("retry", what="two")
    with shared.journal("anna") as journal:
        assert [entry["what"] for entry in journal.entries] == ["one", "two"]
    with shared.journal("ben") as journal:
        assert [entry["what"] for entry in journal.entries] == ["one", "two"]


def test_lines_that_the_team_went_on_without_are_put_aside(shared):
    with shared.journal("anna") as journal:
        journal.write("retry", what="one")
    with SharedJournal.__bases__[0](shared.folder / "anna" / "dev.jsonl", lambda: START) as alone:
        alone.write("retry", what="lost")
    with shared.journal("ben") as journal:
        journal.write("retry", what="two")
    with shared.journal("anna") as journal:
        assert [entry["what"] for entry in journal.entries] == ["one", "two"]
    assert [entry["what"] for entry in read(shared.folder / "anna" / "dev.lost")] == ["one", "lost"]


def test_a_damaged_copy_replaces_nothing(shared):
    with shared.journal("anna") as journal:
        journal.write("retry", what="one")
        journal._shared.put(journal._lease.number, b"{}\n[]\n")
    before = (shared.folder / "anna" / "dev.jsonl").read_bytes()
    with pytest.raises(JournalDamagedError), shared.journal("anna"):
        pass
    assert (shared.folder / "anna" / "dev.jsonl").read_bytes() == before


def test_an_ended_rollout_is_the_teams_too(shared):
    with shared.journal("anna") as journal:
        journal.write("retry", what="one")
        journal.archive()
        journal.write("retry", what="two")
    with shared.journal("ben") as journal:
        assert [entry["what"] for entry in journal.entries] == ["two"]
        journal._shared.fetch_aside(shared.folder / "ben", "dev")
    (aside,) = (shared.folder / "ben").glob("dev.*.jsonl")
    assert [entry["what"] for entry in read(aside)] == ["one"]


def test_a_request_to_end_reaches_the_runner(shared):
    with shared.journal("anna") as journal:
        assert not journal.is_asked_to_end()
        shared.journal("ben")._shared.ask_to_end()
        assert journal.is_asked_to_end()
        journal.forget_asking()
        assert not journal.is_asked_to_end()


@pytest.mark.parametrize("kind", KINDS[1:])
def test_a_place_that_lets_nobody_in_is_one_line_and_stops_the_next_line(kind, tmp_path, monkeypatch):
    with team(kind, tmp_path, monkeypatch) as found:
        with found.journal("anna") as journal:
            journal.write("retry", what="one")
            assert found.bucket
            found.bucket.is_down = True
            with pytest.raises(PlaceError) as error:
                journal.write("retry", what="two")
            with pytest.raises(PlaceError), found.journal("ben"):
                pass
        assert re.fullmatch(
            rf"the team's journal at {kind}://bucket/sub cannot be used: [^\n]+; nothing goes on without it: [^\n]+",
            str(error.value),
        )


@pytest.fixture
def project(tmp_path, monkeypatch):
    (tmp_path / "project").mkdir()
    (tmp_path / "project" / "Pulumi.yaml").write_text(
        f"name: aks\nbackend: {{url: 'file://{tmp_path}/state'}}\n"
    )
    monkeypatch.delenv("SECURE_AKS_JOURNALS", raising=False)
    monkeypatch.delenv("PULUMI_BACKEND_URL", raising=False)
    return tmp_path / "project"


def test_a_killed_runner_of_another_machine_is_waited_for_and_one_of_this_is_not(
    project, tmp_path, monkeypatch
):
    from upgrades.session.journals import Journals  # noqa: PLC0415

    journals = Journals(project, "dev")
    child = subprocess.Popen(
        [sys.executable, "-c", HOLD, project], cwd=ROOT, stdout=subprocess.PIPE, text=True
    )
    assert child.stdout
    try:
        assert child.stdout.readline() == "held\n"
        holder = journals.holder()
        assert holder
        assert not holder.is_gone
        with pytest.raises(JournalBusyError, match=f"process {child.pid}"), journals.open():
            pass
    finally:
        child.send_signal(signal.SIGKILL)
        child.wait()
        child.stdout.close()
    assert [entry["what"] for entry in journals.entries()] == ["begun"]
    monkeypatch.setattr(holder_module, "machine", lambda: "another")
    with (
        pytest.raises(JournalBusyError, match=f"held by .*process {child.pid} .*resume --stack dev"),
        journals.open(),
    ):
        pass
    monkeypatch.undo()
    with journals.open() as journal:
        assert [entry["what"] for entry in journal.entries] == ["begun"]
    assert journals.holder() is None


def test_status_names_the_holder_and_reads_where_it_may_not_write(tmp_path, monkeypatch, capsys):
    from upgrades.commands.look.status import status  # noqa: PLC0415
    from upgrades.session.journals import Journals  # noqa: PLC0415

    with team("s3", tmp_path, monkeypatch) as found:
        assert found.bucket
        (tmp_path / "Pulumi.yaml").write_text("name: aks\n")
        (tmp_path / "Pulumi.dev.yaml").write_text("")
        monkeypatch.chdir(tmp_path)
        monkeypatch.delenv("SECURE_AKS_JOURNALS", raising=False)
        monkeypatch.setenv("PULUMI_BACKEND_URL", found.url)
        elsewhere = {"host": "build-3", "pid": 4711, "began": "1"}
        with Journals(tmp_path, "dev").open() as journal:
            journal.write("started", steps=[], process=elsewhere)

            def said():
                status("dev", as_json=True)
                return json.loads(capsys.readouterr().out)

            assert (said()["process"]["alive"], said()["journal"]) == (True, "s3://bucket/sub")
            assert f"process {os.getpid()}" in said()["heldBy"]
            journal.write("resumed", process={**elsewhere, "host": socket.gethostname()})
            assert said()["process"]["alive"] is False
            with monkeypatch.context() as patch:  # containers of a pipeline share a name
                patch.setattr(holder_module, "machine", lambda: "another")
                assert said()["process"]["alive"] is True
            journal.write("resumed", process=elsewhere)
            found.passes(SILENT)
            assert said()["process"]["alive"] is False
            found.bucket.is_read_only = True
            assert (said()["state"], said()["process"]["alive"], said()["heldBy"]) == ("running", None, None)
            found.bucket.is_read_only = False


@pytest.mark.parametrize(
    ("environment", "yaml", "logged_in", "expected"),
    [
        ({}, "name: aks", "", ""),
        ({}, "name: aks", "https://api.pulumi.com", ""),
        ({}, "name: aks", "azblob://state?storage_account=a", "azblob://state?storage_account=a"),
        ({}, "name: aks\nbackend: {url: 's3://team'}", "file://~", "s3://team"),
        ({"PULUMI_BACKEND_URL": "gs://mine"}, "name: aks\nbackend: {url: 's3://team'}", "", "gs://mine"),
        ({"PULUMI_BACKEND_URL": "https://api.pulumi.com"}, "name: aks", "s3://team", ""),
        ({"SECURE_AKS_JOURNALS": "s3://journals"}, "name: aks", "https://api.pulumi.com", "s3://journals"),
        ({"SECURE_AKS_JOURNALS": "/a/folder"}, "name: aks\nbackend: {url: 's3://team'}", "", ""),
        ({}, "backend: [", "", ""),
    ],
)
def test_the_place_is_the_backend_by_pulumis_order_unless_one_is_named(
    environment, yaml, logged_in, expected, tmp_path
):
    (tmp_path / "Pulumi.yaml").write_text(yaml)
    (tmp_path / "credentials.json").write_text(json.dumps({"current": logged_in}))
    environment = {"PULUMI_HOME": str(tmp_path), **environment}
    assert place.named(tmp_path, environment, "SECURE_AKS_JOURNALS") == expected


@pytest.mark.parametrize(
    ("environment", "logged_in", "backend"),
    [
        ({}, "https://api.pulumi.com", "https://api.pulumi.com"),
        (
            {"PULUMI_BACKEND_URL": "https://pulumi.contoso.example"},
            "s3://team",
            "https://pulumi.contoso.example",
        ),
        ({"PULUMI_BACKEND_URL": "postgres://db/state"}, "", "postgres://db/state"),
        ({"PULUMI_ACCESS_TOKEN": "pul-1"}, "", "https://api.pulumi.com"),
        ({"PULUMI_ACCESS_TOKEN": "pul-1"}, "azblob://state", ""),
        ({}, "file://~", ""),
        ({}, "", ""),  # nobody is logged in, as the CLI says
        ({"SECURE_AKS_JOURNALS": "s3://journals"}, "https://api.pulumi.com", ""),
        ({"SECURE_AKS_JOURNALS": "/a/folder"}, "https://api.pulumi.com", ""),
    ],
)
def test_where_the_backend_keeps_no_files_nothing_begins_without_a_word(
    environment, logged_in, backend, project, tmp_path, monkeypatch, capsys
):
    """Two checkouts would have a journal each: the second saw nothing of the first one's rollout, and began its own."""
    (project / "Pulumi.yaml").write_text("name: aks\n")
    (project / "Pulumi.dev.yaml").write_text("config: {}\n")
    (tmp_path / "credentials.json").write_text(json.dumps({"current": logged_in}))
    monkeypatch.delenv("PULUMI_ACCESS_TOKEN", raising=False)
    for name, value in {"PULUMI_HOME": str(tmp_path), **environment}.items():
        monkeypatch.setenv(name, value)
    kept = SimpleNamespace(entries=list, holder=lambda: None, apart=Journals(project, "dev").apart)
    session = cast("Any", SimpleNamespace(name="dev", folder=project, kept=kept, others=list, is_up=True))
    monkeypatch.setattr(running, "ours", lambda _: None)
    if not backend:
        running.begins(session)
        return
    with pytest.raises(typer.Exit):
        running.begins(session)
    said = capsys.readouterr().err
    assert f"the state is in {backend}, which keeps no files" in said
    assert f"export SECURE_AKS_JOURNALS={project / '.upgrades'}" in said


def test_an_account_that_nobody_names_is_asked_for():
    with pytest.raises(PlaceError, match=r"add \?storage_account=<name>, or set AZURE_STORAGE_ACCOUNT"):
        place.opened("azblob://state", "aks", "dev", {})
