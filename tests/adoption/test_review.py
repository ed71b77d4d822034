"""The comment on a pull request: what refuses comes first, what is lost next, and no foreign text means anything in it."""

from __future__ import annotations

import json
import shutil

import pytest
import typer
from pulumi.automation import EngineEvent
from pulumi.automation.events import DiagnosticEvent, PolicyEvent
from typer.testing import CliRunner

from cli.review import command, preview
from cli.review.collect import Change, Review, Verdict
from cli.review.markdown import LONGEST, MARKER, as_markdown, headline
from emulator.cloud.cloud import Cloud
from tests.adoption.workflows import ROOT
from tests.lab_stack import LabStack

REFUSED = Verdict("mandatory", "pod-privileged", "tool", "Containers must not be privileged.")
ADVICE = Verdict("advisory", "newer-patch", "spot", "1.35.6 is out.")
UPDATE = Change("update", "azure-native:containerservice:AgentPool", "spot", ("orchestratorVersion",))
LOST = Change("replace", "azure-native:containerservice:ManagedCluster", "aks-dev", ("location",))


def test_what_refuses_comes_before_what_is_lost_and_that_before_the_rest():
    text = as_markdown([Review("dev", verdicts=[ADVICE, REFUSED], changes=[UPDATE, LOST], unchanged=7)])
    order = [
        "## dev: refused by 1 verdict",
        "pod-privileged",
        "1 resource would be deleted or replaced",
        "aks-dev",
        "1 other change, 7 unchanged",
        "orchestratorVersion",
        "newer-patch",
    ]
    places = [text.index(words) for words in order]
    assert text.startswith(MARKER)
    assert places == sorted(places)


@pytest.mark.parametrize(
    ("review", "says", "code"),
    [
        (Review("dev"), "nothing changes", 0),
        (Review("dev", changes=[UPDATE, UPDATE, LOST]), "1 to replace, 2 to update", 0),
        (Review("dev", drift=True), "no drift", 0),
        (Review("dev", drift=True, changes=[UPDATE]), "drift: 1 to update", 2),
        (Review("dev", verdicts=[REFUSED]), "refused by 1 verdict", 1),
        (Review("dev", verdicts=[ADVICE]), "nothing changes", 0),
        (Review("dev", errors=["the API server refuses it"]), "1 error", 1),
        (Review("dev", failed="no stack"), "failed", 1),
    ],
)
def test_headline_and_exit_code(review, says, code):
    assert (headline(review), review.exit_code) == (says, code)


def test_the_page_shows_a_real_one():
    text = as_markdown([Review("dev", changes=[UPDATE], unchanged=134)]).removeprefix(f"{MARKER}\n").strip()
    assert text in (ROOT / "docs/pull-requests.md").read_text(encoding="utf-8")


def test_foreign_text_means_nothing():
    said = "a | b\n\n</details> @everyone <img src=x> [x](https://evil.example)"
    text = as_markdown([Review("dev", verdicts=[Verdict("mandatory", "rule", said, said)])])
    [row] = [line for line in text.splitlines() if line.startswith("| `rule`")]
    assert "</details>" not in row
    assert "@everyone" not in row
    assert "<img" not in row
    assert row.replace("\\|", "").count("|") == 4


def test_a_comment_is_never_longer_than_a_host_takes():
    many = [Change("create", "a:b:C", f"{number}-{'x' * 400}") for number in range(500)]
    text = as_markdown([Review(name, changes=many) for name in ("dev", "staging")])
    assert len(text) < LONGEST + 200
    assert text.count("<details>") == text.count("</details>")
    assert "More does not fit here" in text
    assert "and 300 more" in as_markdown([Review("dev", changes=[UPDATE] * 500)])


def test_an_error_of_a_preview_that_ends_well_counts():
    # The API server's refusal in a trial run: Pulumi says it and exits with 0.
    seen = Review("dev")
    for severity in ("warning", "error", "error"):
        seen(EngineEvent(0, 0, diagnostic_event=DiagnosticEvent("is forbidden\n", "", severity)))
    seen(
        EngineEvent(
            0, 0, policy_event=PolicyEvent("Use 1.35.6", "", "newer-patch", "pack", "1", "1", "advisory")
        )
    )
    assert (seen.errors, seen.exit_code) == (["is forbidden"], 1)
    assert [one.resource for one in seen.advised] == [""]


@pytest.mark.parametrize("code", [0, 1])
def test_as_json(monkeypatch, code):
    found = Review(
        "dev", changes=[Change("update", "AgentPool", "spot", ("orchestratorVersion",))], unchanged=134
    )
    found.errors += ["refused"] * code
    monkeypatch.setattr(command, "previewed", lambda folder, name, *, drift: found)
    app = typer.Typer()
    app.command()(command.review)
    done = CliRunner().invoke(app, ["--stack", "dev", "--json"])
    assert done.exit_code == code, done.output
    [told] = json.loads(done.stdout)
    assert (told["stack"], told["unchanged"], told["exitCode"]) == ("dev", 134, code)
    assert told["changes"][0] == {
        "op": "update", "type": "AgentPool", "name": "spot", "properties": ["orchestratorVersion"]
    }  # fmt: skip


@pytest.mark.soak
def test_drift_is_found_after_a_refresh_too(tmp_path, monkeypatch):
    """A tag changed behind Pulumi's back; a refresh takes it over into the state, and still it is not what the program says."""
    monkeypatch.setenv("SECURE_AKS_CLOCK", "2026-11-23")
    monkeypatch.setattr(preview, "PACKS", ())
    (tmp_path / "Pulumi.yaml").write_text("name: shop\nruntime: python\n")
    (tmp_path / "Pulumi.dev.yaml").write_text("config: {azure-native:location: westeurope}\n")
    (tmp_path / "__main__.py").write_text(
        "from pulumi_azure_native import resources\n"
        'resources.ResourceGroup("shop", resource_group_name="shop", tags={"owner": "platform"})\n'
    )
    stack = LabStack("dev", tmp_path)

    def look() -> Review:
        return stack._with(lambda _: preview.review(tmp_path, "dev", drift=True))

    stack.up()
    assert (headline(look()), look().exit_code) == ("no drift", 0)
    with Cloud(stack.lab_folder / "cloud.json").change() as state:
        [group] = [one for one in state.resources.values() if one.name == "shop"]
        group.properties["tags"] = {"owner": "somebody"}
    for _ in range(2):
        found = look()
        assert (headline(found), found.exit_code) == ("drift: 1 to update", 2)
        assert [change.properties for change in found.changes] == [("tags.owner",)]
        stack.refresh()


@pytest.mark.soak
def test_on_the_engine(tmp_path, monkeypatch):
    """A refused pod, and a stack that the backend does not have: both in one comment, from the engine's own events."""
    monkeypatch.setenv("SECURE_AKS_CLOCK", "2026-11-23")
    for path in [ROOT / "Pulumi.yaml", *ROOT.glob("Pulumi.*.yaml")]:
        shutil.copy(path, tmp_path)
    for name in ("policies", ".venv"):  # the packs' own files name the environment beside them
        (tmp_path / name).symlink_to(ROOT / name)
    (tmp_path / "__main__.py").write_text(
        "import pulumi, pulumi_kubernetes as kubernetes\n"
        'tool = {"name": "tool", "image": "registry.example/tool:1.0", "securityContext": {"privileged": True}}\n'
        'kubernetes.core.v1.Pod("tool", metadata={"namespace": "payments"}, spec={"containers": [tool]})\n'
    )
    stack = LabStack("dev", tmp_path)
    stack.outputs()  # makes the stack
    found: list[Review] = []
    stack._with(lambda _: found.extend(preview.review(tmp_path, name) for name in ("dev", "staging")))
    text = as_markdown(found)
    assert "pod-privileged" in {verdict.rule for verdict in found[0].refused}
    assert "tool" in {verdict.resource for verdict in found[0].refused}
    assert [change.name for change in found[0].changes] == ["tool"]
    assert "pulumi stack init staging" in text
    assert [one.exit_code for one in found] == [1, 1]
