"""EmulatedStack against `pulumi.automation.Stack`."""

import inspect

import pytest
from pulumi.automation import (
    CommandError,
    ConcurrentUpdateError,
    ConfigValue,
    Deployment,
    DestroyResult,
    OutputValue,
    PreviewResult,
    RefreshResult,
    Stack,
    StackAlreadyExistsError,
    StackNotFoundError,
    UpdateSummary,
    UpResult,
)
from pulumi.automation.errors import RuntimeError  # noqa: A004 - the SDK's name

from emulator.dry_run.locks import locked
from emulator.dry_run.stack import EmulatedStack

METHODS = sorted(n for n, _ in inspect.getmembers(Stack, callable) if not n.startswith("_"))


@pytest.mark.parametrize("name", METHODS)
def test_every_method_takes_what_the_sdks_takes(name):
    theirs, ours = (inspect.signature(getattr(c, name)).parameters for c in (Stack, EmulatedStack))
    assert [(p.name, p.kind, p.default) for p in ours.values()] == [
        (p.name, p.kind, p.default) for p in theirs.values()
    ]


def test_it_is_a_stack_with_the_sdks_results(project):
    p = project('Thing("a", {"x": 1})\npulumi.export("x", 1)')
    stack = p.stack()
    assert isinstance(stack, Stack)
    assert stack.name == "dev"
    preview = stack.preview()
    assert type(preview) is PreviewResult
    assert preview.change_summary == {"create": 2}
    up = stack.up(message="the first")
    assert type(up) is UpResult
    assert type(up.summary) is UpdateSummary
    assert (up.summary.kind, up.summary.result, up.summary.version) == ("update", "succeeded", 1)
    assert up.summary.message == "the first"
    assert up.summary.resource_changes == {"create": 2}
    assert up.summary.end_time is not None
    assert up.summary.end_time >= up.summary.start_time
    assert type(up.outputs["x"]) is OutputValue
    assert {k: v.value for k, v in stack.outputs().items()} == {"x": 1}
    assert type(stack.refresh()) is RefreshResult
    assert type(stack.destroy()) is DestroyResult
    assert [s.kind for s in stack.history()] == ["destroy", "refresh", "update"]
    assert [s.kind for s in stack.history(page_size=1, page=2)] == ["refresh"]
    last = stack.info()
    assert last is not None
    assert last.kind == "destroy"


@pytest.mark.parametrize(
    "option", [{"target": ["urn"]}, {"plan": "p"}, {"replace": ["urn"]}, {"program": lambda: None}]
)
def test_options_that_would_change_the_meaning_are_refused(project, option):
    with pytest.raises(CommandError, match=f"does not offer the option '{next(iter(option))}'"):
        project().stack().up(**option)


def test_options_about_looks_are_accepted(project):
    project().stack().up(
        parallel=4, color="never", debug=True, suppress_outputs=True, show_secrets=False, target=[]
    )


@pytest.mark.parametrize(
    "call", [lambda s: s.set_tag("a", "b"), lambda s: s.rename("x"), lambda s: s.list_environments()]
)
def test_what_only_the_cli_does_is_refused(project, call):
    with pytest.raises(CommandError, match="the Pulumi CLI does"):
        call(project().stack())


def test_on_output_gets_lines_and_on_error_the_failure(project):
    p = project('Thing("a")')
    lines, errors = [], []
    p.stack().up(on_output=lines.append)
    assert "+  a  test:index:Thing\n" in lines
    assert lines[-1].startswith("up of dev succeeded: 2 created")
    p.program("raise pulumi.RunError('no')")
    with pytest.raises(CommandError, match="no"):
        p.stack().up(on_error=errors.append)
    assert errors == ["error: no\n"]


def test_the_error_says_whether_the_program_itself_failed(project):
    p = project()
    kinds = {
        "raise pulumi.RunError('no')": RuntimeError,
        "1 / 0": RuntimeError,
        'Thing("a", {"bad": 1})': CommandError,
    }
    for program, kind in kinds.items():
        p.program(program)
        for what in ("preview", "up"):
            with pytest.raises(CommandError) as failed:
                getattr(p.stack(), what)()
            assert type(failed.value) is kind


def test_events_in_the_order_of_the_run(project):
    p = project('Thing("a")')
    events = []
    p.stack().up(on_event=events.append)
    kinds = [next(k for k, v in vars(e).items() if v is not None and k.endswith("_event")) for e in events]
    assert kinds[0] == "prelude_event"
    assert kinds[-2:] == ["summary_event", "cancel_event"]
    assert [e.sequence for e in events] == list(range(1, len(events) + 1))
    steps = [e.resource_pre_event for e in events if e.resource_pre_event]
    assert all(s.planning is False for s in steps)
    assert steps[-1].metadata.new.inputs == {"filled": "in"}
    assert events[-2].summary_event.resource_changes == {"create": 2}


def test_expect_no_changes(project):
    p = project('Thing("a")')
    with pytest.raises(CommandError, match="no changes were expected"):
        p.stack().preview(expect_no_changes=True)
    p.up()
    p.stack().preview(expect_no_changes=True)


def test_one_operation_at_a_time(project):
    p = project('Thing("a")')
    with locked(p.folder / ".emulator", "dev", "up"):
        for what in ("up", "destroy", "refresh"):
            with pytest.raises(ConcurrentUpdateError, match="currently locked by process"):
                getattr(p.stack(), what)()
        p.stack().preview()
    p.up()


def test_export_and_import(project):
    p = project('Thing("a", {"s": pulumi.Output.secret("t")})', staging="")
    p.up()
    exported = p.stack().export_stack()
    assert exported.version == 3
    p.stack("staging").import_stack(exported)
    assert p.stack("staging").export_stack().deployment["resources"] == exported.deployment["resources"]
    for wrong in (Deployment(2, {}), Deployment(3, {"resources": [{}]}), Deployment(3, {"resources": ["x"]})):
        with pytest.raises(CommandError, match="cannot be imported"):
            p.stack("staging").import_stack(wrong)
    sealed = {"4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270", "ciphertext": "x"}
    resource = {"urn": "u", "type": "t", "custom": True, "inputs": {"a": sealed}}
    with pytest.raises(CommandError, match="--show-secrets"):
        p.stack("staging").import_stack(Deployment(3, {"resources": [resource]}))


def test_a_state_file_that_is_none(project):
    p = project()
    (p.folder / ".emulator").mkdir()
    (p.folder / ".emulator" / "dev.json").write_text("{}")
    assert "not a deployment export" in p.refused("preview")


def test_create_select_and_what_there_is_not(project):
    p = project()
    with pytest.raises(StackNotFoundError, match="no stack named 'prod' found; stacks here: dev"):
        EmulatedStack("prod", p.folder)
    assert EmulatedStack.create("prod", p.folder).name == "prod"
    with pytest.raises(StackAlreadyExistsError):
        EmulatedStack.create("prod", p.folder)
    assert EmulatedStack.select("prod", p.folder).name == "prod"
    assert EmulatedStack.create_or_select("next", p.folder).name == "next"
    with pytest.raises(CommandError, match="no Pulumi project here"):
        EmulatedStack("dev", p.folder / ".emulator")


def test_the_state_is_kept_where_it_is_told(project, tmp_path, monkeypatch):
    p = project('Thing("a")')
    p.stack(state_dir=tmp_path / "there").up()
    assert (tmp_path / "there" / "dev.json").exists()
    monkeypatch.setenv("SECURE_AKS_EMULATOR_DIR", str(tmp_path / "elsewhere"))
    p.up()
    assert (tmp_path / "elsewhere" / "dev.json").exists()
    assert not (p.folder / ".emulator").exists()
    p.stack().destroy(remove=True)
    assert not (tmp_path / "elsewhere" / "dev.json").exists()


class TestConfig:
    TEXT = """\
# what the file is for
config:
  demo:size: "3"  # quoted on purpose
  pools:
    # the first
    - name: general
      version: 1.35.6
      zones: ["1", "2"]
  other:x: y
"""

    @pytest.fixture
    def stack(self, project):
        p = project()
        (p.folder / "Pulumi.dev.yaml").write_text(self.TEXT)
        return p.stack()

    def text(self, stack):
        return (stack.project.folder / "Pulumi.dev.yaml").read_text()

    def test_a_line_changes_and_the_rest_stays(self, stack):
        stack.set_config("pools[0].version", ConfigValue("1.36.2"), path=True)
        assert self.text(stack) == self.TEXT.replace("1.35.6", "1.36.2")
        stack.set_config("size", ConfigValue("4"))
        assert self.text(stack) == self.TEXT.replace("1.35.6", "1.36.2").replace('"3"', '"4"')

    def test_new_values(self, stack):
        stack.set_all_config({"name": ConfigValue("true"), "azure-native:location": ConfigValue("here")})
        stack.set_config("pools[1].count", ConfigValue("2"), path=True)
        stack.set_config("deep.a.b", ConfigValue("true"), path=True)
        found = {k: v.value for k, v in stack.get_all_config().items()}
        assert found["demo:name"] == "true"
        assert found["azure-native:location"] == "here"
        assert found["demo:deep"] == '{"a":{"b":true}}'
        assert stack.get_config("pools[1].count", path=True).value == "2"
        assert "# the first" in self.text(stack)

    def test_removal(self, stack):
        stack.remove_config("demo:pools[0].zones", path=True)
        stack.remove_all_config(["size", "nothing"])
        assert "zones" not in self.text(stack)
        assert "demo:size" not in self.text(stack)
        with pytest.raises(CommandError, match="'size' not found"):
            stack.get_config("size")

    def test_a_secret_is_encrypted(self, stack, monkeypatch):
        with pytest.raises(CommandError, match="set PULUMI_CONFIG_PASSPHRASE"):
            stack.set_config("password", ConfigValue("hunter2", secret=True))
        monkeypatch.setenv("PULUMI_CONFIG_PASSPHRASE", "p")
        stack.set_config("password", ConfigValue("hunter2", secret=True))
        assert "hunter2" not in self.text(stack)
        value = stack.get_config("password")
        assert (value.value, value.secret) == ("hunter2", True)

    def test_a_place_that_there_is_not(self, stack):
        with pytest.raises(CommandError, match="no such place"):
            stack.set_config("pools[7]", ConfigValue("x"), path=True)
