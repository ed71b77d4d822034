"""Every shell step of examples/workflows/github, run as GitHub runs it, in a lab."""

from __future__ import annotations

import json

import pytest

from tests.adoption.workflows import EXAMPLES, load


@pytest.fixture
def run(github):
    return github


def test_an_up_has_its_tools_its_login_and_both_packs(host, run):
    job = run("up-stack", "up")
    assert not job.failed, job.said
    assert host.asked("make") == [["setup"]]
    login, up = host.asked("pulumi")[:2]
    assert login == ["login", host.env["PULUMI_BACKEND_URL"]]
    assert (up[0], up.count("--policy-pack")) == ("up", 2)
    assert job.env["ARM_USE_OIDC"] == "true"
    assert "aks-dev" in job.summary()


@pytest.mark.soak
def test_a_preview_that_fails_is_told_in_one_comment_and_is_red(host, run):
    """No stack is up here, so the preview itself fails; twice, and the comment stays one."""
    for _ in range(2):
        job = run("preview", "preview")
        assert job.failed
    [comment] = host.has("comments")
    assert comment["body"] == (host.clone / "comment.md").read_text()
    assert "## dev: failed" in comment["body"]
    assert len(host.asked("gh")) == 4  # each run looks, then writes


@pytest.mark.soak
def test_the_next_step_is_one_pull_request_of_one_line(host, run):
    for _ in range(2):
        host.git("checkout", "--quiet", "--force", "main")
        job = run("next-step", "next")
        assert not job.failed, job.said
    pull, told = host.one_line_pull()
    assert pull["body"].strip() == told["pullRequest"].strip()
    assert host.git("log", "-1", "--format=%s", "origin/upgrades/dev").strip() == told["subject"]


def test_the_catalog_is_a_pull_request_when_it_changes(host, run):
    job = run("catalog", "catalog")
    assert not job.failed, job.said
    assert job.summary() == (host.clone / "catalog.txt").read_text() != ""
    assert [pull["branch"] for pull in host.has("pulls")] == ["catalog"]


def test_the_projects_own_catalog_is_one_pull_request_however_often_it_is_looked_at(host, run):
    for _ in range(2):
        host.git("checkout", "--quiet", "--force", "main")
        job = run("own-catalog", "catalog")
        assert not job.failed, job.said
    assert host.asked("make") == [["setup"], ["setup"]]
    [pull] = host.has("pulls")
    assert (pull["branch"], pull["body"]) == ("catalog", (host.clone / "catalog.txt").read_text())
    changed = host.git("diff", "--name-only", "main", "origin/catalog").split()
    assert changed == ["policies/lifecycle/secure_aks_lifecycle/data/catalog.yaml"]


@pytest.mark.soak
def test_drift_opens_one_issue_and_closes_it(host, run):
    of_another = {"number": 1, "state": "open", "title": "Drift: dev-west", "body": "of another stack"}
    (host.kept / "issues.json").write_text(json.dumps([of_another]))
    for _ in range(2):
        assert run("drift", "drift").failed
    [other, issue] = host.has("issues")
    assert other == of_another
    assert (issue["title"], issue["state"]) == ("Drift: dev", "open")
    assert "dev" in issue["body"]
    look = host.clone / ".github/workflows/drift.yml"
    look.write_text(
        look.read_text().replace('python -m cli review --drift --stack "$STACK" --output drift.md', "exit 0")
    )
    assert not run("drift", "drift").failed
    [other, issue] = host.has("issues")
    assert other == of_another
    assert issue["state"] == "closed"


@pytest.mark.soak
def test_the_daily_check_writes_what_the_security_tab_reads(host, run):
    job = run("check", "check")
    assert json.loads((host.clone / "upgrades.sarif").read_text())["version"] == "2.1.0"
    assert "github/codeql-action/upload-sarif" in job.used


@pytest.mark.soak
def test_images_of_a_stack_that_is_not_up_are_red_and_the_journal_is_kept(run):
    job = run("images", "images")
    assert job.failed
    assert "actions/upload-artifact" in job.used


def test_every_job_with_a_script_is_run_here():
    files = (EXAMPLES / "github/workflows").glob("*.yml")
    here = {(path.stem, name) for path in files for name, job in load(path)["jobs"].items() if "steps" in job}
    assert here == {
        ("up-stack", "up"),
        ("preview", "preview"),
        ("next-step", "next"),
        ("catalog", "catalog"),
        ("drift", "drift"),
        ("check", "check"),
        ("images", "images"),
    }
