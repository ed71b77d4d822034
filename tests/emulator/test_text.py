"""What people see."""

from pulumi.automation import CommandError

from emulator.dry_run.report import Report, Row, Verdict
from emulator.dry_run.text import joined, report_lines
from emulator.dry_run.text_summary import policy_summary


def shown(project, **options):
    """Return the report of a preview as lines, without the duration."""
    report, results = Report(), []
    stack = project.stack()
    original = stack._operations.preview
    stack._operations.preview = lambda o: results.append(original(o)) or results[-1]
    try:
        stack.preview(on_event=report, **options)
    except CommandError:
        assert results
    results[-1].seconds = 1.25
    return joined(report_lines(report, "preview", "dev", results[-1]))


BEFORE = """
g = Group("team")
Thing("kept", {"x": 1}, pulumi.ResourceOptions(parent=g))
Thing("changed", {"version": "1.35.6", "tags": {"a": "b"}}, pulumi.ResourceOptions(parent=g))
Thing("moved", {"fixed": 1})
Thing("gone")
pulumi.export("version", "1.35.6")
"""
AFTER = """
g = Group("team")
Thing("kept", {"x": 1}, pulumi.ResourceOptions(parent=g))
Thing("changed", {"version": "1.36.2", "password": pulumi.Output.secret("hush")}, pulumi.ResourceOptions(parent=g))
Thing("moved", {"fixed": 2})
Thing("fresh", {"bad": True})
print("from the program")
pulumi.export("version", "1.36.2")
"""


def test_a_preview_reads_like_this(project):
    p = project(BEFORE)
    p.up()
    p.program(AFTER)
    assert (
        shown(p)
        == """\
from the program

   demo-dev  pulumi:pulumi:Stack
   ├─ team  demo:index:Group
~  │  └─ changed  test:index:Thing
   │          - tags: {"a": "b"}
   │          ~ version: 1.35.6 -> 1.36.2
   │          + password: [secret]
+- ├─ moved  test:index:Thing
   │       ~ fixed: 1 -> 2  (replaces it)
+  ├─ fresh  test:index:Thing  failed
   │       error: bad: must not be set
-  └─ gone  test:index:Thing

Outputs:
  ~ version: 1.35.6 -> 1.36.2

preview of dev failed (1 error): 1 to update, 1 to delete, 1 to replace, 3 unchanged in 1.2 s"""
    )


def test_nothing_to_do_is_one_line(project):
    p = project(BEFORE)
    p.up()
    assert shown(p) == "\npreview of dev succeeded: 6 unchanged in 1.2 s"


def test_long_values_are_cut(project):
    p = project('Thing("a", {"x": "old"})')
    p.up()
    p.program(f'Thing("a", {{"x": "{"y" * 500}"}})')
    line = next(line for line in shown(p).splitlines() if "~ x:" in line)
    assert line.endswith("y...")
    assert len(line) < 150


def test_a_value_is_one_line_and_commands_nothing(project):
    p = project('Thing("a", {"x": "old"})')
    p.up()
    p.program('Thing("a", {"x": "two\\nlines \\x1b[31m"})')
    assert r"~ x: old -> two\nlines \x1b[31m" in shown(p)


def test_many_changes_are_cut(project):
    p = project('Thing("a", {"list": list(range(50))})')
    p.up()
    p.program('Thing("a", {"list": list(range(100, 150))})')
    lines = shown(p).splitlines()
    assert sum("~ list[" in line for line in lines) == 20
    assert any(line.endswith("... and 30 more; --json has them all") for line in lines)


def test_a_policy_is_counted_once_at_a_resource():
    report = Report(packs={"pack": "1.0"})
    for urn, times in (("urn:pulumi:s::p::t::a", 3), ("urn:pulumi:s::p::t::b", 1)):
        row = report.rows.setdefault(urn, Row(urn))
        row.verdicts += [Verdict("pack/rule", "mandatory", "no", urn)] * times
    lines = joined(policy_summary(report)).splitlines()
    assert lines[1] == "Policies: pack v1.0 - 4 mandatory, 0 advisory, 0 unknown"
    assert lines[2] == "  x mandatory pack/rule  at 2 resources"


def test_whatever_a_message_holds_is_shown_as_it_is(project):
    """Brackets are no markup."""
    p = project('print("[red]not a colour[/red]")')
    assert "[red]not a colour[/red]" in shown(p)
