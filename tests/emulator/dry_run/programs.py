"""Small Pulumi projects in a folder, and a provider for them."""

from __future__ import annotations

import textwrap
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from emulator.dry_run.preview import preview
from emulator.dry_run.project import Project as Loaded
from emulator.dry_run.text import plain, report_lines
from emulator.errors import ProviderError
from emulator.plugins.base import CheckFailure, Construction, Provider
from emulator.properties.values import UNKNOWN

if TYPE_CHECKING:
    from collections.abc import Callable

ROOT = Path(__file__).parents[3]

PRELUDE = """
import pulumi

class Thing(pulumi.CustomResource):
    made: pulumi.Output[str]
    def __init__(self, name, props=None, opts=None, kind="Thing"):
        super().__init__(f"test:index:{kind}", name, {**(props or {}), "made": None}, opts)

class Group(pulumi.ComponentResource):
    def __init__(self, name, opts=None):
        super().__init__("demo:index:Group", name, None, opts)
"""


@dataclass
class ThingProvider(Provider):
    """`bad` fails the check, `refuse` the creation; `made` is an output known only after the `up`.

    `things` are what can be read; `calls` is what was asked; `before` is called before a creation.
    """

    package = "test"
    things: dict = field(default_factory=dict)
    calls: list = field(default_factory=list)
    before: Callable[[], object] = lambda: None

    def configure(self, config):
        if config.get("refuse"):
            raise ProviderError("the configuration is refused")
        self.calls.append(("configure", config))

    def check(self, urn, olds, news):
        assert olds is None
        failures = [CheckFailure("bad", "must not be set")] if "bad" in news else []
        return {"filled": "in", **news}, failures

    def create(self, urn, inputs, *, preview):
        assert preview
        self.before()
        self.calls.append(("create", urn.rsplit("::", 1)[-1], inputs))
        if "refuse" in inputs:
            raise ProviderError("Conflict: it is refused")
        return "", {**inputs, "made": UNKNOWN}

    def read(self, urn, id_, inputs):
        found = self.things.get(id_)
        return found and (id_, found, found)

    def construct(self, urn, type_, inputs, *, preview):
        return Construction({**inputs, "size": "large"}, "two of a kind")

    def invoke(self, tok, args):
        if tok == "test:index:get":
            error = ProviderError("it is not there")
            error.status = 404
            raise error
        if tok != "test:index:twice":
            raise ProviderError(f"no function {tok}")
        return {"result": args["n"] * 2}


class Project:
    """A project in a folder: its program, its stack files, its provider."""

    def __init__(self, folder, program="", *, pulumi_yaml="", **stacks):
        self.folder = folder
        self.provider = ThingProvider()
        self.providers = {"test": lambda: self.provider}
        folder.mkdir(exist_ok=True)
        (folder / "Pulumi.yaml").write_text(f"name: demo\nruntime: python\n{textwrap.dedent(pulumi_yaml)}")
        for name, text in {"dev": "", **stacks}.items():
            self.stack_file(text, name)
        self.program(program)

    def program(self, text):
        """Put another program in place."""
        (self.folder / "__main__.py").write_text(PRELUDE + textwrap.dedent(text))
        return self

    def stack_file(self, text, name="dev"):
        """Put another stack file in place."""
        (self.folder / f"Pulumi.{name}.yaml").write_text(textwrap.dedent(text))

    def preview(self, program=None, *, stack="dev", packs=()):
        """Return the report of a dry run, of another program if one is given."""
        if program is not None:
            self.program(program)
        project = Loaded.load(self.folder)
        return preview(project, stack, project.load_config(stack), packs, self.providers)

    def outputs(self, program=None, **options):
        """Return the stack's outputs of a dry run that must come well."""
        report = self.preview(program, **options)
        assert report.ok, said(report)
        return report.outputs

    def refused(self, program=None, **options):
        """Return what a dry run says that must be refused."""
        report = self.preview(program, **options)
        assert not report.ok
        return said(report)


def said(report):
    """Return a report as plain text."""
    return "\n".join(plain(line) for line in report_lines(report, "dev"))


def inputs_of(report):
    """Return the inputs of a report's resources by logical name."""
    return {row.name: row.inputs for row in report.rows.values()}


def write_pack(folder, policies, name="tiny", options=""):
    """Write a policy pack whose policies are the Python expressions in `policies`."""
    folder.mkdir(parents=True)
    (folder / "PulumiPolicy.yaml").write_text("runtime: python\nversion: 1.2.3\n")
    (folder / "__main__.py").write_text(
        textwrap.dedent("""
        import os, pathlib
        from pulumi_policy import *
        pathlib.Path("pid").write_text(str(os.getpid()))
        pathlib.Path("env").write_text(repr({k: v for k, v in os.environ.items() if k.startswith("PULUMI_")}))
        M, A, R = EnforcementLevel.MANDATORY, EnforcementLevel.ADVISORY, EnforcementLevel.REMEDIATE
        def only_things(check):
            def wrapped(args, report):
                if args.resource_type == "test:index:Thing":
                    check(args, report)
            return wrapped
        """)
        + f"PolicyPack({name!r}, [\n"
        + ",\n".join(textwrap.dedent(p) for p in policies)
        + f"\n]{options})\n"
    )
    return folder
