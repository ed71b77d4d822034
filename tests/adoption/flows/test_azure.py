"""Every shell step of examples/workflows/azure, run as Azure Pipelines runs it, in a lab."""

from __future__ import annotations

import json

import pytest

from tests.adoption.workflows import EXAMPLES


@pytest.fixture
def run(azure):
    return azure


@pytest.mark.soak
def test_an_up_has_its_tools_and_both_packs(host, run):
    job = run("up-stack", stack="dev")
    assert not job.failed, job.said
    up = host.asked("pulumi")[0]
    assert (up[0], up.count("--policy-pack")) == ("up", 2)
    assert host.asked("make") == [["setup"]]
    assert "aks-dev" in job.said


@pytest.mark.soak
def test_a_preview_that_fails_is_told_in_one_thread_and_is_red(host, run, threads):
    """No stack is up here, so the preview itself fails; twice, and the thread stays one."""
    for _ in range(2):
        assert run("preview").failed
    assert threads.refused == []
    [thread] = threads.kept
    assert thread["comments"][0]["content"] == (host.clone / "comment.md").read_text()


@pytest.mark.soak
def test_the_next_step_is_one_pull_request_of_one_line(host, run):
    for _ in range(2):
        host.git("checkout", "--quiet", "--force", "main")
        job = run("scheduled", "next")
        assert not job.failed, job.said
    host.one_line_pull()


def test_the_catalog_is_a_pull_request_when_it_changes(host, run):
    job = run("scheduled", "catalog")
    assert not job.failed, job.said
    assert [pull["branch"] for pull in host.has("pulls")] == ["upgrades/catalog"]


@pytest.mark.soak
def test_drift_is_red_and_its_page_is_the_summary_of_the_run(host, run):
    job = run("scheduled", "drift")
    assert job.failed
    assert f"##vso[task.uploadsummary]{host.clone / 'drift.md'}" in job.said
    assert "dev" in (host.clone / "drift.md").read_text()


@pytest.mark.soak
def test_the_daily_check_writes_what_the_scans_tab_reads(host, run):
    job = run("scheduled", "versions")
    assert json.loads((host.clone / "upgrades.sarif").read_text())["version"] == "2.1.0"
    assert "publish" in job.used


@pytest.mark.soak
def test_images_of_a_stack_that_is_not_up_are_red_and_the_journal_is_kept(host, run):
    (host.clone / ".upgrades").mkdir()
    (host.clone / ".upgrades/kept").touch()
    assert run("images-stack", stack="dev").failed
    assert (host.clone.parent / "staging/journal/kept").exists()


def test_every_pipeline_is_run_here():
    templates, calls = {"setup", "in-azure"}, {"up", "images"}
    here = {"up-stack", "preview", "scheduled", "images-stack"}
    assert {path.stem for path in (EXAMPLES / "azure").glob("*.yml")} == here | templates | calls
