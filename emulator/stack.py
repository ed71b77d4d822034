"""`EmulatedStack`: the methods and results of `pulumi.automation.Stack`, on the embedded engine."""

from __future__ import annotations

import inspect
import json
from datetime import datetime
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn, ParamSpec, TypeVar

from pulumi.automation import (
    CommandError,
    CommandResult,
    ConcurrentUpdateError,
    ConfigMap,
    ConfigValue,
    Deployment,
    DestroyResult,
    OpMap,
    OutputMap,
    OutputValue,
    PreviewResult,
    RefreshResult,
    Stack,
    StackAlreadyExistsError,
    StackNotFoundError,
    UpdateSummary,
    UpResult,
)
from typing_extensions import override

from emulator import history, stack_file
from emulator.errors import LockedError, OperationError, UsageError
from emulator.locks import locked
from emulator.operations import Operations, Options
from emulator.project import Project
from emulator.report import NO_CHANGE, Report, is_shown
from emulator.state import State
from emulator.text import joined, plain, report_lines, step_line
from emulator.values import has_secret, reveal

if TYPE_CHECKING:
    import os
    from collections.abc import Callable, Sequence

    from pulumi.automation import EngineEvent

    from emulator.operations import Result
    from emulator.provider_set import Factories

P = ParamSpec("P")
R = TypeVar("R")

_OFFERED = {
    "message",
    "policy_packs",
    "policy_pack_configs",
    "expect_no_changes",
    "on_output",
    "on_error",
    "on_event",
    "refresh",
    "config_file",
    "preview_only",
    "remove",
}
_WITHOUT_MEANING = {
    "parallel", "color", "diff", "show_secrets", "log_flow", "log_verbosity", "log_to_std_err", "tracing", "debug",
    "suppress_outputs", "suppress_progress", "clear_pending_creates", "json",
}  # fmt: skip
"""Options about speed, looks and logs: accepted, and nothing changes. Any other option is refused by name when it is set."""


def _as(original: Callable[P, R]) -> Callable[[Callable[..., R]], Callable[P, R]]:
    """Give a method the signature of the SDK's, and hand it only the options that the emulator offers."""
    signature = inspect.signature(original)

    def decorate(method: Callable[..., R]) -> Callable[P, R]:
        @wraps(original)
        def wrapper(*args: P.args, **kwargs: P.kwargs) -> R:
            given = signature.bind(*args, **kwargs).arguments
            stack = given.pop("self")
            options: dict[str, Any] = {}
            for name, value in given.items():
                if name in _OFFERED:
                    options[name] = value
                elif name not in _WITHOUT_MEANING and value and value != signature.parameters[name].default:
                    raise _error(f"the emulator does not offer the option {name!r}; the Pulumi CLI does")
            return method(stack, **options)

        return wrapper

    return decorate


class EmulatedStack(Stack):
    """A stack of the project in `work_dir`, on the embedded engine instead of the Pulumi CLI.

    What `Stack` raises this raises: CommandError and its subclasses, with what was printed. Methods that need the CLI or a
    backend (tags, environments, rename, import) raise it too. Runs of one process take turns: a program needs the whole process.
    """

    def __init__(  # noqa: PLR0913 - what a stack consists of
        self,
        name: str,
        work_dir: str | os.PathLike[str] = ".",
        state_dir: str | os.PathLike[str] | None = None,
        *,
        policy_packs: Sequence[str | os.PathLike[str]] = (),
        providers: Factories | None = None,
        control_plane: bool = False,
    ) -> None:
        """Take the stack's name and the folder of Pulumi.yaml; nothing is run.

        `state_dir`: where the state is kept, else SECURE_AKS_EMULATOR_DIR, else `.emulator` in the project. `policy_packs`: those of
        every operation that names none. `providers` replaces the emulator's own. `control_plane` gives the stack a real one,
        which it keeps until `destroy`. Raises StackNotFoundError, CommandError.
        """
        self.name = name
        try:
            self.project = Project.load(Path(work_dir))
        except UsageError as error:
            raise _error(str(error)) from None
        if not self.project.stack_file(name).is_file():
            known = ", ".join(self.project.stacks()) or "none"
            raise _error(f"no stack named {name!r} found; stacks here: {known}", StackNotFoundError)
        self.state_dir = self.project.state_folder(state_dir)
        self._packs = [Path(p) for p in policy_packs]
        self._operations = Operations(
            self.project, name, self.state_dir, providers, control_plane=control_plane
        )

    @classmethod
    @override
    def create(cls, stack_name: str, workspace: Any) -> EmulatedStack:
        """Make a new stack in the folder `workspace` by writing its stack file. Raises StackAlreadyExistsError."""
        file = Project.load(Path(workspace)).stack_file(stack_name)
        if file.is_file():
            raise _error(f"stack {stack_name!r} already exists", StackAlreadyExistsError)
        file.write_text("config: {}\n", encoding="utf-8")
        return cls(stack_name, workspace)

    @classmethod
    @override
    def select(cls, stack_name: str, workspace: Any) -> EmulatedStack:
        """Take the stack in the folder `workspace`. Raises StackNotFoundError."""
        return cls(stack_name, workspace)

    @classmethod
    @override
    def create_or_select(cls, stack_name: str, workspace: Any) -> EmulatedStack:
        """Take the stack in the folder `workspace`, made when there is none."""
        exists = Project.load(Path(workspace)).stack_file(stack_name).is_file()
        return cls.select(stack_name, workspace) if exists else cls.create(stack_name, workspace)

    def __repr__(self) -> str:
        """Show what it is."""
        return f"EmulatedStack(name={self.name!r}, work_dir={str(self.project.folder)!r})"

    __str__ = __repr__

    @_as(Stack.preview)
    def preview(self, **options: Any) -> PreviewResult:
        """Run the program without changing anything. Raises CommandError when something is refused."""
        stdout, result = self._operate("preview", self._operations.preview, options)
        return PreviewResult(stdout, "", _changes(result))

    @_as(Stack.up)
    def up(self, **options: Any) -> UpResult:
        """Preview, and when nothing is refused make it so. Raises CommandError; what was done is kept."""
        stdout, _ = self._operate("up", self._operations.up, options)
        return UpResult(stdout, "", self._summary(), self.outputs())

    @_as(Stack.destroy)
    def destroy(self, **options: Any) -> DestroyResult:
        """Delete everything; with `remove` forget the stack and its history too."""
        only = bool(options.pop("preview_only", None))
        remove = options.pop("remove", None)
        stdout, result = self._operate(
            "destroy", lambda o: self._operations.destroy(o, preview_only=only), options
        )
        summary = self._preview_summary("destroy", result) if only else self._summary()
        if remove and not only:
            for suffix in (".json", ".history.jsonl", ".lock"):
                (self.state_dir / f"{self.name}{suffix}").unlink(missing_ok=True)
        return DestroyResult(stdout, "", summary)

    @_as(Stack.preview_destroy)
    def preview_destroy(self, **options: Any) -> PreviewResult:
        """Tell what `destroy` would delete."""
        options.pop("remove", None)
        stdout, result = self._operate(
            "destroy", lambda o: self._operations.destroy(o, preview_only=True), options
        )
        return PreviewResult(stdout, "", _changes(result))

    @_as(Stack.refresh)
    def refresh(self, **options: Any) -> RefreshResult:
        """Read every resource from its provider; what differs from the state is drift and is taken over."""
        only = bool(options.pop("preview_only", None))
        stdout, result = self._operate(
            "refresh", lambda o: self._operations.refresh(o, preview_only=only), options
        )
        return RefreshResult(
            stdout, "", self._preview_summary("refresh", result) if only else self._summary()
        )

    @_as(Stack.preview_refresh)
    def preview_refresh(self, **options: Any) -> PreviewResult:
        """Show drift without taking it over."""
        stdout, result = self._operate(
            "refresh", lambda o: self._operations.refresh(o, preview_only=True), options
        )
        return PreviewResult(stdout, "", _changes(result))

    @override
    def outputs(self) -> OutputMap:
        """Return the outputs of the last `up`."""
        found = self._open_state().outputs() or {}
        return {name: OutputValue(reveal(value), has_secret(value)) for name, value in found.items()}

    @override
    def history(
        self, page_size: int | None = None, page: int | None = None, show_secrets: bool = True
    ) -> list[UpdateSummary]:
        """Return what was done to the stack, the newest first."""
        del show_secrets  # secrets of the configuration are not kept in the history
        entries = history.read(self.state_dir, self.name)
        if page_size is not None:
            start = ((page or 1) - 1) * page_size
            entries = entries[start : start + page_size]
        return [_update_summary(entry) for entry in entries]

    @override
    def info(self, show_secrets: bool = True) -> UpdateSummary | None:
        """Return the last operation, None when there was none."""
        return next(iter(self.history(page_size=1, show_secrets=show_secrets)), None)

    @override
    def cancel(self) -> None:
        """Stop the operation that this object is running in another thread, before its next step."""
        self._operations.cancel()

    @override
    def get_config(self, key: str, *, path: bool = False) -> ConfigValue:
        """Return a value of the stack's configuration. Raises CommandError when it is not set."""
        config = self._config()
        namespace, _, rest = key.rpartition(":")
        tokens = stack_file.parse_path(rest) if path else [rest]
        full = self.project.full_key(f"{namespace}:{tokens[0]}" if namespace else str(tokens[0]), self._file)
        value: Any = config.values.get(full)
        try:
            for token in tokens[1:]:
                value = (json.loads(value) if isinstance(value, str) else value)[token]
        except (ValueError, KeyError, IndexError, TypeError):
            value = None
        if value is None:
            raise _error(f"configuration key {key!r} not found for stack {self.name!r}")
        text = value if isinstance(value, str) else json.dumps(value)
        return ConfigValue(text, full in config.secret_keys)

    @override
    def get_all_config(self) -> ConfigMap:
        """Return the stack's whole configuration, the project's defaults included."""
        config = self._config()
        return {k: ConfigValue(v, k in config.secret_keys) for k, v in config.values.items()}

    @override
    def set_config(self, key: str, value: ConfigValue, *, path: bool = False) -> None:
        """Write a value into the stack file; its comments stay."""
        try:
            stack_file.set_value(
                self.project, self.name, key, value.value, secret=bool(value.secret), path=path
            )
        except UsageError as error:
            raise _error(str(error)) from None

    @override
    def set_all_config(self, config: ConfigMap, *, path: bool = False) -> None:
        """Write several values into the stack file."""
        for key, value in config.items():
            self.set_config(key, value, path=path)

    @override
    def remove_config(self, key: str, *, path: bool = False) -> None:
        """Remove a value from the stack file."""
        stack_file.remove_value(self.project, self.name, key, path=path)

    @override
    def remove_all_config(self, keys: list[str], *, path: bool = False) -> None:
        """Remove several values from the stack file."""
        for key in keys:
            self.remove_config(key, path=path)

    @override
    def export_stack(self) -> Deployment:
        """Return the state in Pulumi's export format, its secrets in plain text."""
        export = self._open_state().export()
        return Deployment(export["version"], export["deployment"])

    @override
    def import_stack(self, state: Deployment) -> None:
        """Put another state in the place of the stack's. Raises CommandError when it is not a version 3 export."""
        try:
            with locked(self.state_dir, self.name, "import"):
                current = State(self.state_dir, self.name)
                current.load({"version": state.version, "deployment": state.deployment})
                current.save()
        except LockedError as error:
            raise _error(str(error), ConcurrentUpdateError) from None
        except (OperationError, ValueError, KeyError, TypeError, AttributeError) as error:
            raise _error(f"this cannot be imported: {error}") from None

    @property
    def workspace(self) -> Any:
        """Stand in for the SDK's workspace: it knows its `work_dir`, all else is the CLI's."""
        return _NoWorkspace(str(self.project.folder))

    @property
    def _file(self) -> Path:
        return self.project.stack_file(self.name)

    def _config(self) -> Any:
        try:
            return self.project.load_config(self.name)
        except UsageError as error:
            raise _error(str(error)) from None

    def _open_state(self) -> State:
        try:
            return State(self.state_dir, self.name, readonly=True)
        except OperationError as error:
            raise _error(str(error)) from None

    def _operate(
        self, what: str, operation: Callable[[Options], Result], given: dict[str, Any]
    ) -> tuple[str, Result]:
        """Run an operation; return what it printed. Raises CommandError unless it succeeded."""
        report = Report()
        on_output: Callable[[str], Any] = given.get("on_output") or (lambda _line: None)
        printed: list[str] = []

        def say(line: str) -> None:
            printed.append(line)
            on_output(line + "\n")

        def progress(event: EngineEvent) -> None:
            done = event.res_outputs_event
            if done is not None and not done.planning and done.metadata.urn in report.rows:
                row = report.rows[done.metadata.urn]
                if row.op not in NO_CHANGE and not row.said and is_shown(row):
                    row.said = True
                    say(plain(step_line(row)))

        options = Options(
            policy_packs=[Path(p) for p in given.get("policy_packs") or ()] or self._packs,
            policy_pack_configs=[Path(p) for p in given.get("policy_pack_configs") or ()],
            config_file=Path(given["config_file"]) if given.get("config_file") else None,
            message=given.get("message") or "",
            listeners=[report, progress, *([given["on_event"]] if given.get("on_event") else [])],
            refresh=bool(given.get("refresh")),
        )
        try:
            result = operation(options)
        except LockedError as error:
            raise self._failed(str(error), printed, given, ConcurrentUpdateError) from None
        except (OperationError, UsageError) as error:
            raise self._failed(str(error), printed, given) from None
        for line in joined(report_lines(report, what, self.name, result)).split("\n"):
            say(line)
        if not result.ok:
            said = [f"error: {message}" for _, message in report.errors()]
            said += [
                f"error: {v.policy}: {v.message} ({v.urn})"
                for v in report.verdicts()
                if v.level == "mandatory"
            ]
            raise self._failed("\n".join(said), printed, given)
        if given.get("expect_no_changes") and any(
            n for op, n in result.changes.items() if op.value not in NO_CHANGE
        ):
            raise self._failed("error: no changes were expected but changes occurred", printed, given)
        return "\n".join(printed), result

    def _failed(
        self, stderr: str, printed: list[str], given: dict[str, Any], kind: type[CommandError] = CommandError
    ) -> CommandError:
        if given.get("on_error"):
            given["on_error"](stderr + "\n")
        return kind(CommandResult("\n".join(printed), stderr, 1))

    def _summary(self) -> UpdateSummary:
        return _update_summary(history.read(self.state_dir, self.name)[0])

    def _preview_summary(self, kind: str, result: Result) -> UpdateSummary:
        return _update_summary(history.entry(kind, "", self._config(), result, 0))

    def _run_pulumi_cmd_sync(self, args: list[str], *_: Any, **__: Any) -> NoReturn:
        """Refuse what only the CLI can do."""
        raise _error(f"the emulator does not offer `pulumi {' '.join(args[:2])}`; the Pulumi CLI does")

    def _run_api(self, *_: Any, **__: Any) -> NoReturn:
        """Refuse what only the CLI can do."""
        raise _error("the emulator does not offer this; the Pulumi CLI does")

    @property
    def _remote(self) -> bool:
        return False


class _NoWorkspace:
    """What the methods of `Stack` that nothing here overrides ask for."""

    def __init__(self, work_dir: str) -> None:
        self.work_dir = work_dir

    def __getattr__(self, name: str) -> NoReturn:
        raise _error(f"the emulator does not offer `{name}`; the Pulumi CLI does")


def _changes(result: Result) -> OpMap:
    return dict(result.changes)


def _update_summary(entry: dict[str, Any]) -> UpdateSummary:
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


def _error(message: str, kind: type[CommandError] = CommandError) -> CommandError:
    return kind(CommandResult("", message, 1))
