"""`EmulatedStack`: the methods and results of `pulumi.automation.Stack`, on the embedded engine."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

from pulumi.automation import (
    ConcurrentUpdateError,
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

from emulator.dry_run import history
from emulator.dry_run.locks import locked
from emulator.dry_run.operations import Operations
from emulator.dry_run.project import Project
from emulator.dry_run.stack_config import ConfiguredStack
from emulator.dry_run.stack_operate import operate, update_summary
from emulator.dry_run.stack_signature import NoWorkspace, as_in, failure
from emulator.dry_run.state import State
from emulator.errors import LockedError, OperationError, UsageError
from emulator.properties.values import has_secret, reveal

if TYPE_CHECKING:
    import os
    from collections.abc import Callable, Sequence

    from emulator.dry_run.operation import Options, Result
    from emulator.dry_run.provider_set import Factories


class EmulatedStack(ConfiguredStack):
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
            raise failure(str(error)) from None
        if not self.project.stack_file(name).is_file():
            known = ", ".join(self.project.stacks()) or "none"
            raise failure(f"no stack named {name!r} found; stacks here: {known}", StackNotFoundError)
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
            raise failure(f"stack {stack_name!r} already exists", StackAlreadyExistsError)
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

    @as_in(Stack.preview)
    def preview(self, **options: Any) -> PreviewResult:
        """Run the program without changing anything. Raises CommandError when something is refused."""
        stdout, result = self._run("preview", self._operations.preview, options)
        return PreviewResult(stdout, "", _changes(result))

    @as_in(Stack.up)
    def up(self, **options: Any) -> UpResult:
        """Preview, and when nothing is refused make it so. Raises CommandError; what was done is kept."""
        stdout, _ = self._run("up", self._operations.up, options)
        return UpResult(stdout, "", self._summary(), self.outputs())

    @as_in(Stack.destroy)
    def destroy(self, **options: Any) -> DestroyResult:
        """Delete everything; with `remove` forget the stack and its history too."""
        only = bool(options.pop("preview_only", None))
        remove = options.pop("remove", None)
        stdout, result = self._run(
            "destroy", lambda o: self._operations.destroy(o, preview_only=only), options
        )
        summary = self._preview_summary("destroy", result) if only else self._summary()
        if remove and not only:
            for suffix in (".json", ".history.jsonl", ".lock"):
                (self.state_dir / f"{self.name}{suffix}").unlink(missing_ok=True)
        return DestroyResult(stdout, "", summary)

    @as_in(Stack.preview_destroy)
    def preview_destroy(self, **options: Any) -> PreviewResult:
        """Tell what `destroy` would delete."""
        options.pop("remove", None)
        stdout, result = self._run(
            "destroy", lambda o: self._operations.destroy(o, preview_only=True), options
        )
        return PreviewResult(stdout, "", _changes(result))

    @as_in(Stack.refresh)
    def refresh(self, **options: Any) -> RefreshResult:
        """Read every resource from its provider; what differs from the state is drift and is taken over."""
        only = bool(options.pop("preview_only", None))
        stdout, result = self._run(
            "refresh", lambda o: self._operations.refresh(o, preview_only=only), options
        )
        return RefreshResult(
            stdout, "", self._preview_summary("refresh", result) if only else self._summary()
        )

    @as_in(Stack.preview_refresh)
    def preview_refresh(self, **options: Any) -> PreviewResult:
        """Show drift without taking it over."""
        stdout, result = self._run(
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
        return [update_summary(entry) for entry in entries]

    @override
    def info(self, show_secrets: bool = True) -> UpdateSummary | None:
        """Return the last operation, None when there was none."""
        return next(iter(self.history(page_size=1, show_secrets=show_secrets)), None)

    @override
    def cancel(self) -> None:
        """Stop the operation that this object is running in another thread, before its next step."""
        self._operations.cancel()

    @override
    def export_stack(self) -> Deployment:
        """Return the state in Pulumi's export format, its secrets in plain text."""
        export = self._open_state().export(self.project.salt(self.name))
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
            raise failure(str(error), ConcurrentUpdateError) from None
        except (OperationError, ValueError, KeyError, TypeError, AttributeError) as error:
            raise failure(f"this cannot be imported: {error}") from None

    @property
    def workspace(self) -> Any:
        """Stand in for the SDK's workspace: it knows its `work_dir`, all else is the CLI's."""
        return NoWorkspace(str(self.project.folder))

    def _open_state(self) -> State:
        try:
            return State(self.state_dir, self.name, readonly=True)
        except OperationError as error:
            raise failure(str(error)) from None

    def _run(
        self, what: str, operation: Callable[[Options], Result], given: dict[str, Any]
    ) -> tuple[str, Result]:
        given["policy_packs"] = given.get("policy_packs") or self._packs
        return operate(what, self.name, operation, given)

    def _summary(self) -> UpdateSummary:
        return update_summary(history.read(self.state_dir, self.name)[0])

    def _preview_summary(self, kind: str, result: Result) -> UpdateSummary:
        return update_summary(history.entry(kind, "", self.load_config(), result, 0))

    def _run_pulumi_cmd_sync(self, args: list[str], *_: Any, **__: Any) -> NoReturn:
        """Refuse what only the CLI can do."""
        raise failure(f"the emulator does not offer `pulumi {' '.join(args[:2])}`; the Pulumi CLI does")

    def _run_api(self, *_: Any, **__: Any) -> NoReturn:
        """Refuse what only the CLI can do."""
        raise failure("the emulator does not offer this; the Pulumi CLI does")

    @property
    def _remote(self) -> bool:
        return False


def _changes(result: Result) -> OpMap:
    return dict(result.changes)
