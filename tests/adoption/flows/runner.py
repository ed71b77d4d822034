"""A runner of GitHub Actions and of Azure Pipelines for the shell steps of a job: their shells, files, variables and conditions.

Sources: GitHub's *Workflow syntax* (`shell`: `bash -e` where a step names none, `bash --noprofile --norc -eo pipefail` where it says
bash) and *Workflow commands* (the files); Azure Pipelines' *Bash@3* and *AzureCLI@2* (the script alone, no options) and *Logging commands*.
"""

from __future__ import annotations

import re
import subprocess
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from tests.adoption.workflows import load

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

UNNAMED, NAMED = ["bash", "-e"], ["bash", "--noprofile", "--norc", "-eo", "pipefail"]
ON_AZURE = ["bash", "--noprofile", "--norc"]
_FILES = ("GITHUB_STEP_SUMMARY", "GITHUB_ENV", "GITHUB_PATH", "GITHUB_OUTPUT")


@dataclass
class Job:
    """A job on a fresh runner: where its steps run, what they see, and what they have done."""

    folder: Path
    env: dict[str, str]
    table: dict[str, str]
    """What an expression (GitHub) or a variable (Azure) means; one that is not here fails the test."""
    used: list[str] = field(default_factory=list)
    """Actions and tasks of others, which are not run."""
    said: str = ""
    """What the steps printed."""
    failed: bool = False

    def expand(self, text: str) -> str:
        """Put in what `${{ }}` means."""
        return re.sub(r"\$\{\{\s*(.*?)\s*\}\}", lambda found: self.meaning(found[1]), text)

    def meaning(self, expression: str) -> str:
        """The first of `a || 'b'` that is not empty."""
        for part in expression.split(" || "):
            value = part.strip("'") if part.startswith("'") else self.table[part]
            if value:
                return value
        return ""

    def shell(self, shell: list[str], script: str, env: Mapping[str, str]) -> bool:
        """Run a script in a file of its own; True where it ends with 0."""
        file = self.folder.parent / "step.sh"
        file.write_text(script)
        done = subprocess.run(
            [*shell, file],
            cwd=self.folder,
            env={**self.env, **env},
            capture_output=True,
            text=True,
            check=False,
        )
        self.said += done.stdout + done.stderr
        for folder in re.findall(r"^##vso\[task\.prependpath\](.*)$", done.stdout, re.MULTILINE):
            self.env["PATH"] = f"{folder}:{self.env['PATH']}"
        return done.returncode == 0

    def summary(self) -> str:
        file = self.folder.parent / "GITHUB_STEP_SUMMARY"
        return file.read_text() if file.exists() else ""


def on_github(job: Job, name: str, of: str) -> None:
    """Run the steps of a job of a workflow in the job's folder (its `.github`)."""
    workflow = load(job.folder / ".github/workflows" / name)["jobs"][of]
    _variables(job, workflow.get("env", {}))
    _github_steps(job, workflow["steps"])


def _github_steps(job: Job, steps: list[dict[str, Any]]) -> None:
    for step in steps:
        if not _github_holds(job, step.get("if", "success()")):
            continue
        if "run" in step:
            good = _github_run(job, step)
        elif step["uses"].startswith("./"):
            _action(job, step)
            continue
        else:
            job.used.append(step["uses"].partition("@")[0])
            good = True
        if "id" in step:
            job.table[f"steps.{step['id']}.outcome"] = "success" if good else "failure"
        job.failed |= not good and not step.get("continue-on-error", False)


def _github_run(job: Job, step: dict[str, Any]) -> bool:
    files = {file: job.folder.parent / file for file in _FILES}
    for file in ("GITHUB_ENV", "GITHUB_PATH"):
        files[file].write_text("")
    env = {name: job.expand(str(value)) for name, value in step.get("env", {}).items()}
    shell = NAMED if step.get("shell") == "bash" else UNNAMED
    good = job.shell(
        shell, job.expand(step["run"]), {**env, **{name: str(path) for name, path in files.items()}}
    )
    for line in files["GITHUB_ENV"].read_text().splitlines():
        name, value = line.split("=", 1)
        job.env[name] = value
    for folder in files["GITHUB_PATH"].read_text().splitlines():
        job.env["PATH"] = f"{folder}:{job.env['PATH']}"
    return good


def _action(job: Job, step: dict[str, Any]) -> None:
    """A composite action of the repository: its inputs are what `with` says, and no others."""
    action = load(job.folder / step["uses"] / "action.yml")
    given = {name: job.expand(str(value)) for name, value in step.get("with", {}).items()}
    needed = {name for name, said in action["inputs"].items() if said.get("required")}
    assert needed <= given.keys() <= action["inputs"].keys()
    outer, job.failed = job.failed, False
    job.env["GITHUB_ACTION_PATH"] = str(job.folder / step["uses"])
    job.table.update({f"inputs.{name}": value for name, value in given.items()})
    _github_steps(job, action["runs"]["steps"])
    job.failed |= outer


def _github_holds(job: Job, condition: str) -> bool:
    """`success()`, `always()`, and with either whether a file is there."""
    first, _, second = condition.partition(" && ")
    file = re.fullmatch(r"hashFiles\('(.*)'\) != ''", second)
    assert first in {"success()", "always()"}, condition
    assert file or not second, condition
    return (first == "always()" or not job.failed) and (not file or (job.folder / file[1]).exists())


def _variables(job: Job, said: Mapping[str, Any]) -> None:
    job.env.update({name: job.expand(str(value)) for name, value in said.items()})


def on_azure(job: Job, name: str, of: str = "", **parameters: str) -> None:
    """Run the steps of a pipeline, of one of its jobs, or of a template's stage in the job's folder (its `pipelines`)."""
    pipeline = load(job.folder / "pipelines" / name)
    job.table.update({f"parameters.{key}": value for key, value in parameters.items()})
    if "stages" in pipeline:
        [deployment] = pipeline["stages"][0]["jobs"]
        steps = deployment["strategy"]["runOnce"]["deploy"]["steps"]
    elif of:
        [steps] = [one["steps"] for one in pipeline["jobs"] if one["job"] == of]
    else:
        steps = pipeline["steps"]
    _azure_steps(job, steps)


def _azure_steps(job: Job, steps: list[dict[str, Any]]) -> None:
    for step in steps:
        if "template" in step:
            _template(job, step)
        elif _azure_holds(job, job.expand(step.get("condition", "succeeded()"))):
            script = step.get("bash") or step.get("inputs", {}).get("inlineScript")
            if script is None:
                job.used.append(step.get("task") or next(iter(step)))
                continue
            env = {name: _macros(job, str(value)) for name, value in step.get("env", {}).items()}
            good = job.shell(ON_AZURE, _macros(job, job.expand(script)), env)
            job.failed |= not good


def _template(job: Job, step: dict[str, Any]) -> None:
    template = load(job.folder / "pipelines" / step["template"])
    defaults = {item["name"]: str(item["default"]) for item in template["parameters"] if "default" in item}
    given = {name: job.expand(str(value)) for name, value in step.get("parameters", {}).items()}
    outer = job.table
    job.table = {**outer, **{f"parameters.{name}": value for name, value in {**defaults, **given}.items()}}
    _azure_steps(job, template["steps"])
    job.table = outer


def _macros(job: Job, text: str) -> str:
    """Put in the variables, `$(Name.Of)`; what names none stays, for the shell."""
    return re.sub(r"\$\(([\w.]+)\)", lambda found: job.table.get(found[1], found[0]), text)


def _azure_holds(job: Job, condition: str) -> bool:
    known = {
        "succeeded()": not job.failed,
        "always()": True,
        "and(always(), eq(variables['Build.Reason'], 'PullRequest'))": job.table.get("Build.Reason")
        == "PullRequest",
    }
    return known[condition]
