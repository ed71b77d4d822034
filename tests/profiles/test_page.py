"""An operator's way through docs/profiles.md, from the image to the pod that is stopped, with the page's own words.

The steps that need an API server are in test_control_plane.py.
"""

import json
import re
from itertools import pairwise

from secure_aks_lifecycle.versions.version import Version

from components.profiles.workload import confined
from settings.sections.profiles import Profiles
from tests.profiles.helpers import BOTH, PROFILES, Container
from tests.profiles.page import PAGE, commands, written
from tests.profiles.test_component import POOLS, daemon_sets, nodes_of, register


def test_the_image_is_built_from_what_is_there_for_each_processor_of_the_profiles():
    (build,) = commands("docker")
    options = dict(pairwise(build))
    dockerfile = (PROFILES.parent / build[-1] / "Dockerfile").read_text()
    argument = options["--build-arg"].partition("=")[0]

    assert re.search(rf"^ARG {argument}=", dockerfile, re.MULTILINE)
    assert f"FROM ${{{argument}}}" in dockerfile
    named = {"linux/amd64": "SCMP_ARCH_X86_64", "linux/arm64": "SCMP_ARCH_AARCH64"}
    built = {named[platform] for platform in options["--platform"].split(",")}
    for file in (PROFILES / "seccomp").iterdir():
        assert set(json.loads(file.read_text())["architectures"]) == built


def test_the_digest_that_is_asked_for_and_declared_is_the_one_of_the_tag_that_was_pushed():
    (build,) = commands("docker")
    (show,) = [words for words in commands("az") if "show-metadata" in words]
    options, tag = dict(pairwise(show)), build[build.index("--tag") + 1]

    assert tag == f"{options['--registry']}.azurecr.io/{options['--name']}"
    assert written("secure-aks:profiles")["loaderImage"].partition("@")[0] == tag.rpartition(":")[0]


def test_what_it_writes_into_the_stack_file_makes_the_loaders_it_promises():
    done = register(written("secure-aks:profiles"), POOLS)

    assert set(daemon_sets(done)) == {"seccomp", "seccomp-general", "apparmor"}
    assert nodes_of(done, "seccomp-general") == ("In", ["general"])


def test_the_pod_it_writes_is_the_one_that_the_helper_makes():
    profiles = Profiles.model_validate(written("secure-aks:profiles"))
    made = confined({}, profiles, Version(1, 35, 6), seccomp="prevent-chmod", apparmor="hardened")

    assert written("spec") == made["spec"]


def test_the_command_that_it_lets_the_pod_run_is_stopped_as_it_says(tmp_path):
    (execute,) = [words for words in commands("kubectl") if words[1] == "exec"]
    command = execute[execute.index("--") + 1 :]
    name = written("spec")["securityContext"]["seccompProfile"]["localhostProfile"]
    profile = json.loads((PROFILES / "seccomp" / f"{name}.json").read_text())
    container = Container(tmp_path / "container").with_busybox()
    script = ("sh", "-c", f'touch {command[-1]} && exec "$@"', "-", *command)

    assert container.run(*script, user=65534).returncode == 0
    bound = container.run(*script, user=65534, seccomp=profile)
    assert bound.returncode != 0
    answer = re.search(r"`kubectl exec [^`]+` answers `([^`]+)`", PAGE)
    assert answer
    assert answer[1] in bound.stderr


def test_the_logs_are_those_of_a_loader_that_is_there():
    (logs,) = [words for words in commands("kubectl") if words[1] == "logs"]
    options, name = dict(pairwise(logs)), logs[4].removeprefix("daemonset/")
    (loader,) = [one for found, one in daemon_sets(register(BOTH)).items() if found == name]

    assert loader["metadata"]["namespace"] == options["-n"]
    assert options["-c"] in {one["name"] for one in loader["spec"]["template"]["spec"]["containers"]}


def test_every_kubectl_command_is_run_by_a_test():
    """The two `get` by test_control_plane.py; kwok's nodes have neither `logs` nor `exec`."""
    assert sorted(words[1] for words in commands("kubectl")) == ["exec", "get", "get", "logs"]
