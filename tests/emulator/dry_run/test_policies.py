"""Policy packs through their real gRPC server."""

import ast
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from emulator.errors import UsageError
from emulator.properties.values import Secret
from tests.emulator.broken_packs import PACKS, set_patience, write
from tests.emulator.dry_run.programs import ROOT, inputs_of, said, write_pack

NO_X = """
ResourceValidationPolicy("no-x", "x must not be set", only_things(
    lambda args, report: report(f"x is {args.props['x']}") if "x" in args.props else None), enforcement_level=LEVEL)
"""


@pytest.fixture
def pack(tmp_path):
    """Return what writes a pack of the test."""

    def make(*policies, name="tiny", options=""):
        return write_pack(tmp_path / "packs" / name, policies, name, options)

    return make


def verdicts(report):
    """Return (level, policy, resource name, message) of all verdicts."""
    return [(v.level, v.policy, v.urn.rsplit("::", 1)[-1], v.message) for v in report.verdicts()]


def test_a_mandatory_violation_fails_the_preview_after_showing_everything(project, pack):
    p = project('Thing("a", {"x": "1"})\nThing("b", {"x": "2"})\nThing("c")')
    report = p.preview(packs=[pack(NO_X.replace("LEVEL", "M"))])
    assert verdicts(report) == [("mandatory", "no-x", "a", "x is 1"), ("mandatory", "no-x", "b", "x is 2")]
    assert not report.ok
    shown = said(report)
    assert "x mandatory tiny/no-x: x is 1" in shown
    assert "failed (2 mandatory policy violations): 4 to create" in shown
    assert "tiny v1.2.3" in shown


def test_an_advisory_violation_stops_nothing(project, pack):
    report = project('Thing("a", {"x": "1"})').preview(packs=[pack(NO_X.replace("LEVEL", "A"))])
    assert report.ok
    assert verdicts(report) == [("advisory", "no-x", "a", "x is 1")]
    assert "! advisory tiny/no-x: x is 1" in said(report)


def test_a_value_that_is_not_known_yet_is_a_verdict_of_its_own(project, pack):
    policy = """
    ResourceValidationPolicy("no-of", "d", only_things(
        lambda args, report: report("is set") if args.props.get("of") else None), enforcement_level=M)
    """
    report = project('a = Thing("a")\nThing("b", {"of": a.made})\nThing("c")').preview(packs=[pack(policy)])
    assert report.ok
    [(level, name, at, message)] = verdicts(report)
    assert (level, name, at) == ("unknown", "no-of", "b")
    assert "can't be known during preview" in message
    assert "can't run policy" not in message
    assert "0 mandatory, 0 advisory, 1 unknown" in said(report)


def test_a_mandatory_verdict_is_one_whatever_its_words(project, pack):
    policy = """
    ResourceValidationPolicy("p", "d", only_things(
        lambda args, report: report("unknown until `up`")), enforcement_level=LEVEL)
    """
    program = 'Thing("a")'
    report = project(program).preview(packs=[pack(policy.replace("LEVEL", "M"))])
    assert (report.ok, verdicts(report)[0][0]) == (False, "mandatory")
    report = project(program).preview(packs=[pack(policy.replace("LEVEL", "A"), name="other")])
    assert (report.ok, verdicts(report)[0][0]) == (True, "unknown")


def test_remediation_changes_the_inputs_before_they_are_judged_and_used(project, pack):
    p = project('Thing("a", {"x": 1, "s": pulumi.Output.secret("t")})\nGroup("g")')
    mend = """
    ResourceValidationPolicy("mend", "drops x", remediate=lambda args:
        {k: v for k, v in args.props.items() if k != "x"} if args.resource_type == "test:index:Thing" else None,
        enforcement_level=R)
    """
    report = p.preview(packs=[pack(NO_X.replace("LEVEL", "M"), mend)])
    assert verdicts(report) == []
    assert "tiny/mend changed its inputs: drops x" in said(report)
    assert inputs_of(report)["a"] == {"filled": "in", "s": Secret("t")}
    assert p.provider.calls[-1] == ("create", "a", {"filled": "in", "s": "t"})


def test_stack_policies_see_outputs_parents_and_dependencies(project, pack):
    policy = """
    StackValidationPolicy("whole", "d", lambda args, report: [
        report(f"{r.name}: {r.props['filled']} parent={r.parent and r.parent.name} "
               f"deps={sorted(d.name for d in r.dependencies)} "
               f"prop={ {k: [d.name for d in v] for k, v in r.property_dependencies.items()} } provider={r.provider and r.provider.name}", r.urn)
        for r in args.resources if r.resource_type == "test:index:Thing"])
    """
    p = project(
        'g = Group("g")\na = Thing("a", opts=pulumi.ResourceOptions(parent=g))\nThing("b", {"of": a.made})'
    )
    by_name = {f[2]: f[3] for f in verdicts(p.preview(packs=[pack(policy)]))}
    assert by_name["a"].startswith("a: in ")
    assert "parent=g deps=[]" in by_name["a"]
    assert "deps=['a']" in by_name["b"]
    assert "prop={'of': ['a']} provider=default" in by_name["b"]


def test_policies_see_type_name_urn_options_config_and_provider(project, pack):
    policy = """
    ResourceValidationPolicy("see", "d", only_things(lambda args, report: report(repr([
        args.name, args.urn, args.opts.protect, list(args.opts.ignore_changes), args.opts.delete_before_replace,
        args.opts.parent.rsplit("::")[-1], args.provider.resource_type, args.get_config(), list(args.props)]))),
        config_schema=PolicyConfigSchema(properties={"n": {"type": "integer", "default": 3}, "s": {"type": "string"}}))
    """
    p = project(
        'Thing("a", {"__inner": 1}, pulumi.ResourceOptions(protect=True, ignore_changes=["q"], delete_before_replace=True))'
    )
    found = verdicts(p.preview(packs=[pack(policy)]))
    assert found[0][3] == repr(
        [
            "a",
            "urn:pulumi:dev::demo::test:index:Thing::a",
            True,
            ["q"],
            True,
            "demo-dev",
            "pulumi:providers:test",
            {"n": 3.0},
            ["filled"],
        ]
    )


def test_every_registration_is_judged_components_providers_and_the_stack_too(project, pack):
    policy = 'ResourceValidationPolicy("t", "d", lambda args, report: report(args.resource_type))'
    found = verdicts(project('Group("g")\nThing("a")').preview(packs=[pack(policy)]))
    assert sorted(f[3] for f in found) == [
        "demo:index:Group",
        "pulumi:providers:test",
        "pulumi:pulumi:Stack",
        "test:index:Thing",
    ]


def test_a_pack_is_configured_by_its_own_defaults_and_initial_configuration(project, pack):
    see = """
    ResourceValidationPolicy("NAME", "d", only_things(lambda args, report: report(repr(args.get_config()))),
        enforcement_level=A, config_schema=PolicyConfigSchema(
            properties={"n": {"type": "integer", "default": 3}, "s": {"type": "string"}}, required=["n"]))
    """
    policies = [see.replace("NAME", name) for name in ("one", "two", "three")]
    initial = ', initial_config={"all": M, "two": {"enforcementLevel": A, "n": 4}, "three": EnforcementLevel.DISABLED}'
    found = verdicts(project('Thing("a")').preview(packs=[pack(*policies, options=initial)]))
    assert found == [("mandatory", "one", "a", "{'n': 3.0}"), ("advisory", "two", "a", "{'n': 4.0}")]


def test_parameters_that_are_missing_are_told_all_at_once(project, pack):
    see = """
    ResourceValidationPolicy("p", "d", lambda args, report: None,
        config_schema=PolicyConfigSchema(properties={"n": {"type": "integer"}, "m": {}}, required=["n", "m"]))
    """
    refused = project('Thing("a")').refused(packs=[pack(see)])
    assert "policy pack tiny: p: n is required\npolicy pack tiny: p: m is required" in refused.replace(
        "  policy", "policy"
    )


def test_two_packs_judge_together(project, pack):
    packs = [pack(NO_X.replace("LEVEL", "A")), pack(NO_X.replace("LEVEL", "M"), name="other")]
    report = project('Thing("a", {"x": 1})').preview(packs=packs)
    assert sorted((v.pack, v.level) for v in report.verdicts()) == [
        ("other", "mandatory"),
        ("tiny", "advisory"),
    ]


def test_a_policy_that_crashes_stops_the_run_and_says_where(project, pack):
    policy = 'ResourceValidationPolicy("crash", "d", only_things(lambda args, report: 1 / 0))'
    refused = project('Thing("a")').refused(packs=[pack(policy)])
    assert "the policy pack tiny failed at urn:pulumi:dev::demo::test:index:Thing::a" in refused
    assert "division by zero" in refused


def test_a_pack_that_does_not_start_shows_what_it_said(project, pack):
    folder = pack(NO_X.replace("LEVEL", "M"))
    (folder / "__main__.py").write_text("raise RuntimeError('broken pack')")
    assert "broken pack" in project('Thing("a")').refused(packs=[folder])
    with pytest.raises(UsageError, match="no policy pack here"):
        project().preview(packs=[folder.parent])


@pytest.mark.parametrize("kind", PACKS)
def test_a_pack_that_is_broken_as_a_process_is_told_in_the_last_line(project, tmp_path, monkeypatch, kind):
    set_patience(kind, monkeypatch.setenv)
    folder = write(tmp_path / "broken", kind)
    refused = project('Thing("a")').refused(packs=[folder])
    assert f"{PACKS[kind][1]}): 1 to create in" in refused.splitlines()[-1]
    assert refused.splitlines()[-1].startswith("preview of dev failed (1 error, the policy pack ")
    assert "\x1b" not in refused


def test_a_policy_that_never_ends_is_told(project, pack, monkeypatch):
    policy = 'ResourceValidationPolicy("slow", "d", only_things(lambda args, report: __import__("time").sleep(1000)))'
    p = project('Thing("a")')
    assert p.preview(packs=[]).ok
    monkeypatch.setattr("emulator.dry_run.policies.to_answer", lambda: 1.0)
    monkeypatch.setattr("emulator.dry_run.pack.to_answer", lambda: 1.0)
    refused = p.refused(packs=[pack(policy)])
    assert (
        "the policy pack tiny has not answered within 1 s at urn:pulumi:dev::demo::test:index:Thing::a"
        in refused
    )


def test_a_pack_that_writes_a_lot_goes_on(project, pack):
    """Nobody reads along: what it writes may not fill a pipe."""
    policy = """
    ResourceValidationPolicy("p", "d", only_things(lambda args, report: [print("y" * 100_000), report("no")]))
    """
    assert len(verdicts(project('Thing("a")\nThing("b")').preview(packs=[pack(policy)]))) == 2


def test_a_failed_program_is_judged_as_far_as_it_came(project, pack):
    p = project('Thing("a", {"x": 1})\nimport asyncio\nThing("b").urn.apply(lambda _: 1 / 0)')
    report = p.preview(packs=[pack(NO_X.replace("LEVEL", "M"))])
    assert [v.policy for v in report.verdicts()] == ["no-x"]
    assert "ZeroDivisionError" in said(report)


def test_packs_are_started_as_the_engine_starts_them_and_end_with_the_run(project, pack):
    folder = pack(NO_X.replace("LEVEL", "M"))
    p = project('Thing("a")', dev="config: {n: {a: 1}}")
    assert p.preview(packs=[folder]).ok
    env = ast.literal_eval((folder / "env").read_text())
    assert env["PULUMI_DRY_RUN"] == "true"
    assert (env["PULUMI_PROJECT"], env["PULUMI_STACK"], env["PULUMI_ORGANIZATION"]) == (
        "demo",
        "dev",
        "organization",
    )
    assert json.loads(env["PULUMI_CONFIG"]) == {"demo:n": '{"a":1}'}
    pid = int((folder / "pid").read_text())
    assert not Path(f"/proc/{pid}").exists() or is_zombie(pid)


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGINT])
def test_packs_end_with_a_run_that_is_ended(project, pack, how):
    """Whatever ends it in the middle, it leaves no pack behind; Ctrl-C is one line and exit code 130."""
    folder = pack(NO_X.replace("LEVEL", "A"))
    p = project("import time, pathlib\npathlib.Path('here').touch()\ntime.sleep(60)")
    command = [sys.executable, "-m", "emulator", "preview", "--dry-run", "-s", "dev", "-C", str(p.folder)]
    run = subprocess.Popen(
        [*command, "--policy-pack", str(folder)],
        cwd=ROOT,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        until((p.folder / "here").exists)
        until(lambda: (folder / "pid").exists() and (folder / "pid").read_text())
        pid = int((folder / "pid").read_text())
        assert Path(f"/proc/{pid}").exists()
    finally:
        run.send_signal(how)
        _, errors = run.communicate(timeout=30)
    until(lambda: not Path(f"/proc/{pid}").exists() or is_zombie(pid))
    if how == signal.SIGINT:
        assert (run.returncode, errors) == (130, "interrupted: nothing was changed, a dry run has no state\n")


def is_zombie(pid):
    return " Z " in Path(f"/proc/{pid}/stat").read_text()


def until(condition, seconds=30):
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "it never came"
        time.sleep(0.02)
