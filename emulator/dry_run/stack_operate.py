"""Running an operation of `EmulatedStack`: callbacks, what is printed, the SDK's errors and summaries."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pulumi.automation import CommandError, CommandResult, ConcurrentUpdateError, UpdateSummary
from pulumi.automation.errors import RuntimeError  # noqa: A004 - the SDK's name

from emulator.dry_run import history
from emulator.dry_run.operation import Options
from emulator.dry_run.report import NO_CHANGE, Report, is_shown
from emulator.dry_run.text import joined, plain, report_lines, step_line
from emulator.errors import LockedError, OperationError, UsageError

if TYPE_CHECKING:
    from collections.abc import Callable

    from pulumi.automation import EngineEvent

    from emulator.dry_run.operation import Result


def operate(
    what: str, stack: str, operation: Callable[[Options], Result], given: dict[str, Any]
) -> tuple[str, Result]:
    """Run an operation; return what it printed. `given` are the SDK's options. Raises CommandError unless it succeeded."""
    report = Report()
    on_output: Callable[[str], Any] = given.get("on_output") or (lambda _line: None)
    on_error: Callable[[str], Any] = given.get("on_error") or (lambda _text: None)
    printed: list[str] = []

    def say(line: str) -> None:
        printed.append(line)
        on_output(line + "\n")

    def failed(stderr: str, kind: type[CommandError] = CommandError) -> CommandError:
        on_error(stderr + "\n")
        return kind(CommandResult("\n".join(printed), stderr, 1))

    options = Options(
        policy_packs=[Path(p) for p in given.get("policy_packs") or ()],
        policy_pack_configs=[Path(p) for p in given.get("policy_pack_configs") or ()],
        config_file=Path(given["config_file"]) if given.get("config_file") else None,
        message=given.get("message") or "",
        listeners=[report, _teller(report, say), *([given["on_event"]] if given.get("on_event") else [])],
        refresh=bool(given.get("refresh")),
    )
    try:
        result = operation(options)
    except LockedError as error:
        raise failed(str(error), ConcurrentUpdateError) from None
    except (OperationError, UsageError) as error:
        raise failed(str(error)) from None
    for line in joined(report_lines(report, what, stack, result)).split("\n"):
        say(line)
    if not result.ok:
        raise failed("\n".join(_reasons(report)), RuntimeError if result.program_failed else CommandError)
    if given.get("expect_no_changes") and any(
        n for op, n in result.changes.items() if op.value not in NO_CHANGE
    ):
        raise failed("error: no changes were expected but changes occurred")
    return "\n".join(printed), result


def _teller(report: Report, say: Callable[[str], None]) -> Callable[[EngineEvent], None]:
    """Return a listener that says, once each, what was done to which resource."""

    def tell(event: EngineEvent) -> None:
        done = event.res_outputs_event
        row = None if done is None or done.planning else report.rows.get(done.metadata.urn)
        if row is not None and row.op not in NO_CHANGE and not row.said and is_shown(row):
            row.said = True
            say(plain(step_line(row)))

    return tell


def _reasons(report: Report) -> list[str]:
    """Return why an operation failed, one line each."""
    mandatory = [v for v in report.verdicts() if v.level == "mandatory"]
    return [
        *(f"error: {message}" for _, message in report.errors()),
        *(f"error: {v.policy}: {v.message} ({v.urn})" for v in mandatory),
    ]


def update_summary(entry: dict[str, Any]) -> UpdateSummary:
    """Return a line of the history as the SDK's class."""

    def moment(text: str) -> datetime:
        return datetime.strptime(text, history.FORMAT)  # noqa: DTZ007 - without a zone, as the SDK has it

    return UpdateSummary(
        kind=entry["kind"],
        start_time=moment(entry["startTime"]),
        message=entry["message"],
        environment=entry["environment"],
        config=entry["config"],
        result=entry["result"],
        end_time=moment(entry["endTime"]),
        version=entry["version"],
        resource_changes=entry["resourceChanges"],
    )
