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
from pulumi.automation import CommandError

from tests.emulator.helpers import ROOT, write_pack

NO_X = """
ResourceValidationPolicy("no-x", "x must not be set", only_things(
    lambda args, report: report(f"x is {args.props['x']}") if "x" in args.props else None), enforcement_level=LEVEL)
"""


@pytest.fixture
def pack(tmp_path):
    """Return what writes a pack of the test."""

    def make(*policies, name="tiny"):
        return write_pack(tmp_path / "packs" / name, policies, name)

    return make


def verdicts(stack, what="preview", **options):
    """Return (level, policy, resource name, message) of all policy events, and what the operation said."""
    events = []
    try:
        said = getattr(stack, what)(on_event=events.append, **options).stdout
    except CommandError as error:
        said = str(error)
    found = [e.policy_event for e in events if e.policy_event]
    return [
        (e.enforcement_level, e.policy_name, e.resource_urn.rsplit("::", 1)[-1], e.message) for e in found
    ], said


def test_a_mandatory_violation_fails_the_preview_after_showing_everything(project, pack):
    p = project('Thing("a", {"x": "1"})\nThing("b", {"x": "2"})\nThing("c")')
    found, said = verdicts(p.stack(policy_packs=[pack(NO_X.replace("LEVEL", "M"))]))
    assert found == [("mandatory", "no-x", "a", "x is 1"), ("mandatory", "no-x", "b", "x is 2")]
    assert "x mandatory tiny/no-x: x is 1" in said
    assert "2 mandatory policy violations" in said
    assert "tiny v1.2.3" in said


def test_a_mandatory_violation_stops_an_up_before_anything_is_changed(project, pack):
    p = project('Thing("a")')
    packs = [pack(NO_X.replace("LEVEL", "M"))]
    p.up(policy_packs=packs)
    p.program('Thing("b")\nThing("a", {"x": 1})')
    found, said = verdicts(p.stack(), "up", policy_packs=packs)
    assert [f[0] for f in found] == ["mandatory"]
    assert "1 mandatory policy violation" in said
    assert list(p.service.things) == ["a-1"]
    assert "x" not in p.service.things["a-1"]


def test_an_advisory_violation_stops_nothing(project, pack):
    p = project('Thing("a", {"x": "1"})')
    found, said = verdicts(p.stack(), "up", policy_packs=[pack(NO_X.replace("LEVEL", "A"))])
    assert [f[:3] for f in found] == [("advisory", "no-x", "a")]
    assert "! advisory tiny/no-x: x is 1" in said
    assert list(p.service.things) == ["a-1"]


def test_a_violation_that_only_shows_when_outputs_are_known_stops_before_that_resource(project, pack):
    p = project('a = Thing("a")\nThing("b", {"of": a.made})\nThing("c")')
    policy = """
    ResourceValidationPolicy("no-of", "d", only_things(
        lambda args, report: report("is set") if args.props.get("of") else None), enforcement_level=M)
    """
    packs = [pack(policy)]
    found, said = verdicts(p.stack(), policy_packs=packs)
    assert [(f[0], f[2]) for f in found] == [("advisory", "b")]
    assert (
        "? unknown tiny/no-of: String value at .of can't be known during preview" in said
        or "? unknown" in said
    )
    assert "1 unknown" in said
    found, said = verdicts(p.stack(), "up", policy_packs=packs)
    assert ("mandatory", "no-of", "b", "is set") in found
    assert "b-1" not in p.service.things


def test_remediation_changes_the_inputs_before_they_are_judged_and_used(project, pack):
    p = project('Thing("a", {"x": 1, "s": pulumi.Output.secret("t")})\nGroup("g")')
    mend = """
    ResourceValidationPolicy("mend", "drops x", remediate=lambda args:
        {k: v for k, v in args.props.items() if k != "x"} if args.resource_type == "test:index:Thing" else None,
        enforcement_level=R)
    """
    found, said = verdicts(p.stack(), "up", policy_packs=[pack(NO_X.replace("LEVEL", "M"), mend)])
    assert found == []
    assert "tiny/mend changed its inputs: drops x" in said
    assert p.service.things["a-1"] == {"filled": "in", "s": "t", "made": "made-a-1"}
    assert "plaintext" in p.resources()["a"]["inputs"]["s"]


def test_stack_policies_see_outputs_parents_and_dependencies(project, pack):
    policy = """
    StackValidationPolicy("whole", "d", lambda args, report: [
        report(f"{r.name}: {dict(r.props)} parent={r.parent and r.parent.name} "
               f"deps={sorted(d.name for d in r.dependencies)} "
               f"prop={ {k: [d.name for d in v] for k, v in r.property_dependencies.items()} } provider={r.provider and r.provider.name}", r.urn)
        for r in args.resources if r.resource_type == "test:index:Thing"])
    """
    p = project(
        'g = Group("g")\na = Thing("a", opts=pulumi.ResourceOptions(parent=g))\nThing("b", {"of": a.made})'
    )
    found, _ = verdicts(p.stack(), "up", policy_packs=[pack(policy)])
    by_name = {f[2]: f[3] for f in found}
    assert "'made': 'made-a-1'" in by_name["a"]
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
    found, _ = verdicts(p.stack(), policy_packs=[pack(policy)])
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
    found, _ = verdicts(project('Group("g")\nThing("a")').stack(), policy_packs=[pack(policy)])
    assert sorted(f[3] for f in found) == [
        "demo:index:Group",
        "pulumi:providers:test",
        "pulumi:pulumi:Stack",
        "test:index:Thing",
    ]


def test_the_configuration_file_sets_levels_and_parameters(project, pack, tmp_path):
    file = tmp_path / "config.json"
    file.write_text(json.dumps({"all": "disabled", "no-x": "mandatory"}))
    p = project('Thing("a", {"x": "1"})')
    packs = [pack(NO_X.replace("LEVEL", "A"), NO_X.replace("LEVEL", "A").replace("no-x", "no-y"))]
    found, _ = verdicts(p.stack(), policy_packs=packs, policy_pack_configs=[str(file)])
    assert [f[:2] for f in found] == [("mandatory", "no-x")]
    file.write_text(json.dumps({"no-xx": "mandatory", "no-x": {"enforcementLevel": "advisory", "n": 1}}))
    said = p.refused("preview", policy_packs=packs, policy_pack_configs=[str(file)])
    assert "policy pack tiny: no-xx: there is no such policy" in said


def test_two_packs_judge_together(project, pack):
    packs = [pack(NO_X.replace("LEVEL", "A")), pack(NO_X.replace("LEVEL", "M"), name="other")]
    found, said = verdicts(project('Thing("a", {"x": 1})').stack(), policy_packs=packs)
    assert sorted(f[0] for f in found) == ["advisory", "mandatory"]
    assert "other/no-x" in said


def test_a_policy_that_crashes_stops_the_run_and_says_where(project, pack):
    policy = 'ResourceValidationPolicy("crash", "d", only_things(lambda args, report: 1 / 0))'
    _, said = verdicts(project('Thing("a")').stack(), "up", policy_packs=[pack(policy)])
    assert "the policy pack tiny failed at urn:pulumi:dev::demo::test:index:Thing::a" in said
    assert "division by zero" in said


def test_a_pack_that_does_not_start_shows_what_it_said(project, pack):
    folder = pack(NO_X.replace("LEVEL", "M"))
    (folder / "__main__.py").write_text("raise RuntimeError('broken pack')")
    assert "broken pack" in project('Thing("a")').refused("preview", policy_packs=[folder])
    assert "no policy pack here" in project().refused("preview", policy_packs=[folder.parent])


def test_packs_are_started_as_the_engine_starts_them_and_end_with_the_run(project, pack):
    folder = pack(NO_X.replace("LEVEL", "M"))
    p = project('Thing("a")', dev="config: {n: {a: 1}}")
    p.up(policy_packs=[folder])
    env = ast.literal_eval((folder / "env").read_text())
    assert env["PULUMI_DRY_RUN"] == "false"
    assert (env["PULUMI_PROJECT"], env["PULUMI_STACK"], env["PULUMI_ORGANIZATION"]) == (
        "demo",
        "dev",
        "organization",
    )
    assert json.loads(env["PULUMI_CONFIG"]) == {"demo:n": '{"a":1}'}
    pid = int((folder / "pid").read_text())
    assert not Path(f"/proc/{pid}").exists() or _is_zombie(pid)


def _is_zombie(pid):
    return " Z " in Path(f"/proc/{pid}/stat").read_text()


def test_packs_end_when_the_emulator_is_killed(project, pack, tmp_path):
    """Killed with SIGKILL in the middle of a run, it leaves no pack behind."""
    folder = pack(NO_X.replace("LEVEL", "A"))
    p = project("import time, pathlib\npathlib.Path('here').touch()\ntime.sleep(60)")
    run = subprocess.Popen(
        [
            sys.executable,
            "-m",
            "emulator",
            "preview",
            "-s",
            "dev",
            "-C",
            str(p.folder),
            "--policy-pack",
            str(folder),
        ],
        cwd=ROOT,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        stdout=subprocess.DEVNULL,
    )
    try:
        _until((p.folder / "here").exists)
        _until(lambda: (folder / "pid").exists() and (folder / "pid").read_text())
        pid = int((folder / "pid").read_text())
        assert Path(f"/proc/{pid}").exists()
    finally:
        run.send_signal(signal.SIGKILL)
        run.wait()
    _until(lambda: not Path(f"/proc/{pid}").exists() or _is_zombie(pid))


def _until(condition, seconds=30):
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "it never came"
        time.sleep(0.02)
