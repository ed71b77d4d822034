"""What people see."""

import re

from emulator.dry_run.report import Report, Verdict
from emulator.dry_run.text import plain, report_lines
from tests.emulator.dry_run.programs import said

PROGRAM = """
g = Group("team")
Thing("kept", {"x": 1}, pulumi.ResourceOptions(parent=g))
Thing("lost", {"bad": True}, pulumi.ResourceOptions(parent=g))
pulumi.log.warn("two\\nlines", Thing("fresh"))
print("from the program")
pulumi.export("version", "1.36.2")
pulumi.export("later", Thing("last").made)
"""


def test_a_dry_run_reads_like_this(project):
    report = project(PROGRAM).preview()
    report.seconds = 1.25
    assert (
        said(report)
        == """\
from the program

+  demo-dev  pulumi:pulumi:Stack
+  ├─ team  demo:index:Group
+  │  ├─ kept  test:index:Thing
+  │  └─ lost  test:index:Thing  failed
   │          error: bad: must not be set
+  ├─ fresh  test:index:Thing
   │       warning: two
   │         lines
+  └─ last  test:index:Thing

Outputs:
  later: [unknown]
  version: 1.36.2

preview of dev failed (1 error): 6 to create in 1.2 s"""
    )


def shown(project, program):
    return said(project(program).preview())


def test_long_values_are_cut(project):
    line = next(
        line for line in shown(project, 'pulumi.export("x", "y" * 500)').splitlines() if "  x:" in line
    )
    assert line.endswith("y...")
    assert len(line) < 150


def test_a_value_is_one_line_and_commands_nothing(project):
    assert r"  x: two\nlines \x1b[31m" in shown(project, r"""pulumi.export("x", "two\nlines \x1b[31m")""")


def test_whatever_a_message_holds_is_shown_as_it_is(project):
    """Brackets are no markup."""
    assert "[red]not a colour[/red]" in shown(project, 'print("[red]not a colour[/red]")')


def test_a_policy_is_counted_once_at_a_resource():
    report = Report(packs={"pack": "1.0"})
    for urn, times in (("urn:pulumi:s::p::t::a", 3), ("urn:pulumi:s::p::t::b", 1)):
        for _ in range(times):
            report.judge(Verdict("pack", "rule", "mandatory", "no", urn))
    lines = said(report).splitlines()
    assert "Policies: pack v1.0 - 4 mandatory, 0 advisory, 0 unknown" in lines
    assert "  x mandatory pack/rule  at 2 resources" in lines


def test_types_are_shortened_to_fit_and_names_never(project):
    program = """
    for kind in ("aa", "b" * 50):
        pulumi.ComponentResource(f"long:some.module.of.many.words/v1:{kind}", "n" * 20)
    """
    report = project(program).preview()

    def at(width):
        lines = [plain(line) for line in report_lines(report, "dev", width)]
        return [re.split(" {2}", line)[-1] for line in lines if "n" * 20 in line]

    long = "long:some.module.of.many.words/v1:"
    assert at(None) == [f"{long}aa", long + "b" * 50]
    assert at(120) == at(None)
    assert at(90) == [f"{long}aa", "long:..:" + "b" * 50]
    assert at(80) == [f"{long}aa", "b" * 50]
    assert at(40) == ["long:..:aa", ".." + "b" * 10]
    assert at(20) == ["aa", "..bbbb"]
