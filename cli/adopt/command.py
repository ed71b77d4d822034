"""`secure-aks import`: a cluster that is there already becomes a stack."""

from __future__ import annotations

import json
import shutil
import tempfile
from contextlib import nullcontext
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer
from secure_aks_lifecycle import regular_file
from secure_aks_lifecycle.clock import today

from settings.whole_file import write_whole
from upgrades import lab, quiet
from upgrades.observe.errors import AzureError
from upgrades.render.escape import inert, inert_lines
from upgrades.session.folder import project_folder

from .as_data import as_data
from .draft import DryRunError, draft
from .found import Asked
from .inside import CREDENTIALS, read_inside
from .page import as_markdown, headline, names
from .read import NotAClusterError, read, subscription_of
from .registered import Registered, registered
from .result import Result, result
from .stack_file import render

if TYPE_CHECKING:
    from .found import Json

Id = Annotated[str, typer.Argument(metavar="CLUSTER", help="Resource id of the cluster.")]
Stack = Annotated[str, typer.Option("--stack", "-s", help="Name of the stack to write.")]
Environment = Annotated[str, typer.Option(help="dev, staging or prod; prod must have more.")]
Admins = Annotated[
    list[str] | None,
    typer.Option(
        "--admin-group",
        metavar="NAME=ID",
        help="Entra group to administer the cluster; repeat it for several.",
    ),
]
Kubeconfig = Annotated[Path | None, typer.Option(help="Kubeconfig by which to look inside, too.")]
Output = Annotated[Path | None, typer.Option(help="Folder for the files. [default: that of Pulumi.yaml]")]
Force = Annotated[bool, typer.Option("--force", help="Write over a stack file that is there.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print what was found as JSON.")]
InLab = Annotated[bool, typer.Option("--lab", help="In the lab, which stands in for Azure.")]


def import_(  # noqa: PLR0913 - one parameter an option
    cluster: Id,
    *,
    stack: Stack,
    environment: Environment = "dev",
    admin_group: Admins = None,
    kubeconfig: Kubeconfig = None,
    output: Output = None,
    force: Force = False,
    as_json: AsJson = False,
    in_lab: InLab = False,
) -> None:
    """Write a cluster that is there as a stack, with an import file and a page of differences. Exit 1: refused."""
    quiet.set_up(verbose=False)
    try:
        project = project_folder()
    except FileNotFoundError as error:
        _fail(str(error), 1)
    folder = output or project
    file = folder / names(stack)["stack"]
    if file.exists() and not force:
        _fail(f"{file} is there; name another --stack or --output, or write over it: --force", 2)
    inside = _kubeconfig(kubeconfig) if kubeconfig else ""
    asked = Asked(stack, environment, _groups(admin_group or []), today())
    try:
        with lab.entered(project) if in_lab else nullcontext():
            done = _imported(cluster, asked, inside, project)
    except lab.LabError as error:
        _fail(str(error), 1)
    _write(done, folder)
    if as_json:
        typer.echo(json.dumps(as_data(done), indent=2))
    else:
        _say(done, folder)
    raise typer.Exit(1 if done.refused else 0)


def _imported(cluster: str, asked: Asked, kubeconfig: str, project: Path) -> Result:
    from upgrades.observe.azure.reader import Azure  # noqa: PLC0415  # loads the Azure SDK

    try:
        azure = Azure(subscription_of(cluster))
        found = read(azure, cluster, (lambda: read_inside(kubeconfig)) if kubeconfig else None)
    except NotAClusterError as error:
        _fail(str(error), 2)
    except AzureError as error:
        _fail(str(error), 1)
    try:
        with tempfile.TemporaryDirectory() as place:
            trial = _trial(project, Path(place))

            def declare(config: Json, *, judged: bool) -> Registered:
                text = render(config, found, "", "")
                (trial / names(asked.stack)["stack"]).write_text(text, encoding="utf-8")
                return registered(trial, asked.stack, judged=judged)

            made = draft(found, asked, declare)
    except DryRunError as error:
        _fail(f"the program does not run for this cluster:\n{error}", 1)
    return result(found, made, asked)


def _kubeconfig(path: Path) -> str:
    try:
        return regular_file.text(path)
    except (OSError, ValueError) as error:
        why = getattr(error, "strerror", None) or "it is no text"
        _fail(f"--kubeconfig {path}: cannot be read: {why}; write it: {CREDENTIALS}", 2)


def _trial(project: Path, place: Path) -> Path:
    """Return a folder with the program and no stack file: what is tried is never written where stacks are kept."""
    for one in project.iterdir():
        if one.name.startswith((".", "Pulumi.")) and one.name != "Pulumi.yaml":
            continue
        (place / one.name).symlink_to(one.resolve(), target_is_directory=one.is_dir())
    (place / "Pulumi.yaml").unlink()
    shutil.copyfile(project / "Pulumi.yaml", place / "Pulumi.yaml")
    return place


def _write(done: Result, folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    files = names(done.stack)
    write_whole(folder / files["page"], as_markdown(done))
    if done.refused:
        return
    write_whole(
        folder / files["stack"], render(done.draft.config, done.found, files["page"], done.day.isoformat())
    )
    content = done.imported.as_json(done.draft.registered.rows, version("pulumi-azure-native"))
    write_whole(folder / files["import"], json.dumps(content, indent=2) + "\n")


def _say(done: Result, folder: Path) -> None:
    files = names(done.stack)
    typer.echo(headline(done).replace("*", ""))
    for one in done.refused:
        typer.echo(f"  {inert(one)}")
    typer.echo(
        f"{folder / files['page']} says what each of it means"
        + (" and what to do next." if not done.refused else ".")
    )


def _groups(said: list[str]) -> dict[str, str]:
    found: dict[str, str] = {}
    for one in said:
        name, equals, id_ = one.rpartition("=")
        if not equals or not name:
            _fail(
                f"--admin-group {one}: write <name>=<object id>; az ad group show --group <name> --query id",
                2,
            )
        found[name] = id_
    return found


def _fail(message: str, code: int) -> NoReturn:
    typer.echo(inert_lines(message), err=True)
    raise typer.Exit(code)
