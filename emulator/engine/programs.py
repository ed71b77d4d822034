"""The programs that are built from Go modules where a machine has none: the Pulumi CLI, the Kubernetes provider, the host for YAML."""

from __future__ import annotations

from functools import cache
from importlib.metadata import version
from pathlib import Path

from emulator.go_modules import GoModule

HERE = Path(__file__).parent
CLI = "pulumi"
KUBERNETES = "pulumi-resource-kubernetes"
"""Name of the provider's program: the engine finds `pulumi-resource-<package>` on PATH."""
YAML = "pulumi-language-yaml"
"""Name of the host of programs in YAML, which the engine finds on PATH."""


@cache
def cli_module() -> GoModule:
    """Return the module of the Pulumi CLI, which holds the engine."""
    plain = GoModule("engine", "engine", HERE / "cli", "", (CLI,))
    pinned = plain.pinned("github.com/pulumi/pulumi/pkg/v3")
    stamps = {"github.com/pulumi/pulumi/sdk/v3/go/common/version.Version": f"v{pinned}"}
    return GoModule(plain.name, plain.key, plain.folder, f"the Pulumi CLI {pinned}", (CLI,), stamps=stamps)


@cache
def kubernetes_module() -> GoModule:
    """Return the module of the Kubernetes provider, which calls itself by the version of the installed SDK."""
    installed = version("pulumi-kubernetes")
    return GoModule(
        "kubernetes provider",
        "kubernetes-provider",
        HERE / "kubernetes_provider",
        "Pulumi's Kubernetes provider",
        (KUBERNETES,),
        packages=".",
        stamps={"main.version": installed},
        renamed={"kubernetes-provider": KUBERNETES},
    )


@cache
def yaml_module() -> GoModule:
    """Return the module of the language host for YAML; releases of the CLI carry one, its Go module does not."""
    return GoModule("yaml host", "yaml-host", HERE / "yaml_host", "Pulumi's language host for YAML", (YAML,))
