"""Workflow files read as their runner reads them: jobs, steps, and the commands of a script."""

from __future__ import annotations

import re
import shlex
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parents[2]
OWN = sorted((ROOT / ".github" / "workflows").glob("*.yml"))
EXAMPLES = ROOT / "examples" / "workflows"
PINNED = re.compile(r"uses: \S+@[0-9a-f]{40} # v\d+(\.\d+)*$")
_BREAKS = {"&&", "||", "|", ";", "&", "then", "do", "else", "if", "{", "}", "(", ")"}


@dataclass(frozen=True)
class Script:
    """One step that runs a shell."""

    file: Path
    job: str
    text: str
    env: frozenset[str]


def load(path: Path) -> dict[str, Any]:
    """A workflow; `on` is YAML 1.1's word for true, and is put back."""
    found = yaml.safe_load(path.read_text(encoding="utf-8"))
    if True in found:
        found["on"] = found.pop(True)
    return found


def steps(workflow: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any], dict[str, Any]]]:
    """Every step with its job's name and the job, wherever the format keeps them."""
    jobs = workflow.get("jobs", {})
    named = jobs.items() if isinstance(jobs, dict) else [(_name(job), job) for job in jobs]
    for name, job in named:
        deploys = job.get("strategy", {}).get("runOnce", {}).get("deploy", {}) if "strategy" in job else {}
        for step in [*job.get("steps", []), *deploys.get("steps", [])]:
            yield name, job, step
    for step in [*workflow.get("runs", {}).get("steps", []), *workflow.get("steps", [])]:
        yield "steps", workflow, step
    for stage in workflow.get("stages", []):
        yield from steps(stage)


def _name(job: dict[str, Any]) -> str:
    return job.get("job") or job.get("deployment") or "template"


def scripts(path: Path) -> list[Script]:
    workflow = load(path)
    found = []
    for name, job, step in steps(workflow):
        text = (
            step.get("run")
            or step.get("script")
            or step.get("bash")
            or step.get("inputs", {}).get("inlineScript")
            or step.get("parameters", {}).get("script")
        )
        if text:
            env = {*workflow.get("env", {}), *job.get("env", {}), *step.get("env", {})}
            found.append(Script(path, name, text, frozenset(env)))
    return found


def commands(text: str) -> Iterator[list[str]]:
    """The simple commands of a script, each as its words: no shell keywords, assignments or redirections."""
    text = re.sub(r"\\\n\s*", " ", text)
    text = re.sub(r"\$\{\{.*?\}\}", "EXPRESSION", text)
    # What is substituted runs too: first by itself, then as one word of what it stands in.
    while inner := re.search(r"\$\(([^()]*)\)", text):
        if " " in inner[1]:
            yield from commands(inner[1])
        text = text.replace(inner[0], "SUBSTITUTED", 1)
    for line in text.splitlines():
        yield from _simple(line)


def _simple(line: str) -> Iterator[list[str]]:
    lexer = shlex.shlex(line, posix=True, punctuation_chars="();<>|&")
    lexer.whitespace_split = True
    words: list[str] = []
    redirected = False
    for word in [*lexer, ";"]:
        if redirected:
            redirected = False
        elif re.fullmatch(r"[<>]+&?", word):
            redirected = True
        elif word in _BREAKS or re.fullmatch(r"[;|&()]+", word):
            if words:
                yield words
            words = []
        elif words or (word != "!" and not re.match(r"[A-Za-z_]\w*=", word)):
            words.append(word)
