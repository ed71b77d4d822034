"""Small Pulumi projects in a folder, and a provider whose service is a dictionary."""

from __future__ import annotations

import textwrap
from dataclasses import dataclass, field
from pathlib import Path

from pulumi.automation import CommandError

from emulator.dry_run.stack import EmulatedStack
from emulator.plugins.base import (
    CheckFailure,
    Child,
    Construction,
    Diff,
    PartialError,
    Provider,
    ProviderError,
    diff_values,
)
from emulator.properties.values import UNKNOWN

ROOT = Path(__file__).parents[2]

PRELUDE = """
import pulumi

class Thing(pulumi.CustomResource):
    def __init__(self, name, props=None, opts=None, kind="Thing"):
        super().__init__(f"test:index:{kind}", name, {**(props or {}), "made": None}, opts)

class Group(pulumi.ComponentResource):
    def __init__(self, name, opts=None):
        super().__init__("demo:index:Group", name, None, opts)
"""


@dataclass
class Service:
    """What the provider `test` manages: resources by id, a log of calls, and what to refuse."""

    things: dict = field(default_factory=dict)
    log: list = field(default_factory=list)
    refuse: dict = field(default_factory=dict)
    before: dict = field(default_factory=dict)
    made: dict = field(default_factory=dict)


class ThingProvider(Provider):
    """`fixed` needs a replacement, `bad` fails the check, `made` is an output known only after `create`.

    `slot` is a place that only one thing can have: the old one goes before the new one comes.
    """

    package = "test"

    def __init__(self, service):
        self.service = service

    def configure(self, config):
        if config.get("refuse"):
            raise ProviderError("the configuration is refused")
        self.service.log.append(("configure", config))

    def check(self, urn, olds, news):
        failures = [CheckFailure("bad", "must not be set")] if "bad" in news else []
        return {"filled": "in", **news}, failures

    def diff(self, urn, id_, old_inputs, old_outputs, news, ignore_changes):
        diffs = diff_values(old_inputs, news)
        replaces = [p for p in diffs if p in {"fixed", "slot"}]
        return Diff(bool(diffs), diffs, replaces, delete_before_replace="slot" in replaces)

    def create(self, urn, inputs, *, preview):
        name = urn.rsplit("::", 1)[-1]
        self._refusal("create", name, preview=preview)
        if preview:
            return "", {**inputs, "made": UNKNOWN}
        self.service.made[name] = self.service.made.get(name, 0) + 1
        id_ = f"{name}-{self.service.made[name]}"
        self.service.log.append(("create", id_))
        self.service.things[id_] = {**inputs, "made": f"made-{id_}"}
        if self.service.refuse.get(name) == "ready":
            raise PartialError("it does not become ready", id_, self.service.things[id_])
        return id_, self.service.things[id_]

    def read(self, urn, id_, inputs):
        found = self.service.things.get(id_)
        if found is None:
            return None
        return id_, {k: v for k, v in found.items() if k != "made"}, found

    def update(self, urn, id_, old_outputs, old_inputs, news, *, preview):
        self._refusal("update", urn.rsplit("::", 1)[-1], preview=preview)
        if preview:
            return {**news, "made": old_outputs["made"]}
        self.service.log.append(("update", id_))
        self.service.things[id_] = {**news, "made": old_outputs["made"]}
        return self.service.things[id_]

    def delete(self, urn, id_, outputs):
        self._refusal("delete", urn.rsplit("::", 1)[-1], preview=False)
        self.service.log.append(("delete", id_))
        self.service.things.pop(id_, None)

    def locate(self, urn, inputs):
        return inputs.get("id")

    def construct(self, urn, type_, inputs, *, preview):
        children = [
            Child("test:index:Thing", f"{urn.rsplit('::', 1)[-1]}-{i}", {"n": i})
            for i in range(inputs["count"])
        ]
        return Construction({"count": inputs["count"]}, children, "two of a kind")

    def invoke(self, tok, args):
        if tok != "test:index:twice":
            raise ProviderError(f"no function {tok}")
        return {"result": args["n"] * 2}

    def _refusal(self, what, name, *, preview):
        if not preview and (what, name) in self.service.before:
            self.service.before[what, name]()
        if not preview and self.service.refuse.get(name) == what:
            raise ProviderError(f"Conflict: {what} of {name} is refused")


class Project:
    """A project in a folder: its program, its stack files, its service."""

    def __init__(self, folder, program="", *, pulumi_yaml="", **stacks):
        self.folder = folder
        self.service = Service()
        self.providers = {"test": lambda: ThingProvider(self.service)}
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

    def stack(self, name="dev", **kwargs):
        """Return the stack, with this project's providers: `test` on its service."""
        return EmulatedStack(name, self.folder, providers=self.providers, **kwargs)

    def up(self, program=None, **options):
        """Bring the stack up, with another program if one is given."""
        if program is not None:
            self.program(program)
        return self.stack().up(**options)

    def refused(self, what="up", program=None, **options):
        """Run an operation that must fail; return what it said."""
        if program is not None:
            self.program(program)
        try:
            getattr(self.stack(), what)(**options)
        except CommandError as error:
            return str(error)
        raise AssertionError(f"{what} was not refused")

    def resources(self, name="dev"):
        """Return the state's resources by logical name."""
        found = (self.stack(name).export_stack().deployment or {})["resources"]
        return {r["urn"].rsplit("::", 1)[-1]: r for r in found if not r.get("delete")}

    def ops(self, program=None, what="preview"):
        """Return {logical name: operation} of a preview (or another operation) of a program."""
        if program is not None:
            self.program(program)
        steps = []
        getattr(self.stack(), what)(on_event=steps.append)
        return ops_of(steps)


def ops_of(events):
    """Return {logical name: [operations]} of the steps in `events`; one operation stands alone."""
    found = {}
    for event in events:
        step = event.resource_pre_event.metadata if event.resource_pre_event else None
        if step is None or step.type.startswith(("pulumi:pulumi:Stack", "pulumi:providers:")):
            continue
        found.setdefault(step.urn.rsplit("::", 1)[-1], []).append(step.op.value)
    return {k: v[0] if len(v) == 1 else v for k, v in found.items()}


def write_pack(folder, policies, name="tiny"):
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
        + "\n])\n"
    )
    return folder
