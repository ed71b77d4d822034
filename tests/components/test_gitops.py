"""Flux: the extension and its configuration as Azure gets them, and the order in which they come."""

from base64 import b64decode

import pytest

from components.gitops import Gitops, GitopsArgs
from emulator.cloud.cloud import Cloud
from settings.sections.features.gitops import Gitops as Said
from tests.asked.keys import FOLDER, config
from tests.asked.life import OnArm, program, stand_there
from tests.components.helpers import run
from tests.emulator.azure_provider import Azure

HTTPS = {"repository": "https://example.com/fleet", "branch": "main", "kustomizations": [{"name": "all"}]}


def register(**said):
    args = GitopsArgs("rg", "aks", Said.model_validate({**HTTPS, **said}))
    return run(lambda: Gitops("gitops", args) and None)


def test_multi_tenancy_is_enforced_by_word():
    settings = register().one(":Extension").inputs["configurationSettings"]
    assert settings["multiTenancy.enforce"] == "true"
    assert settings["image-automation-controller.enabled"] == "false"


def test_a_branch_or_a_tag_is_followed():
    assert register().one(":FluxConfiguration").inputs["gitRepository"]["repositoryRef"] == {"branch": "main"}
    at = register(branch=None, tag="v1").one(":FluxConfiguration").inputs["gitRepository"]
    assert at["repositoryRef"] == {"tag": "v1"}


def test_no_credential_is_sent():
    source = register(secret="git").one(":FluxConfiguration")
    assert source.inputs["gitRepository"]["localAuthRef"] == "git"
    assert not {"httpsUser", "configurationProtectedSettings"} & {
        *source.inputs,
        *source.inputs["gitRepository"],
    }


def test_a_host_is_known_by_its_keys():
    line = "example.com ssh-ed25519 AAAAC3Nz"
    said = {"repository": "ssh://git@example.com/fleet", "knownHosts": line}
    source = register(**said).one(":FluxConfiguration").inputs["gitRepository"]
    assert b64decode(source["sshKnownHosts"]).decode() == line


@pytest.fixture(scope="module")
def features():
    said, azure = config(FOLDER / "features.yaml"), Azure(Cloud())
    stand_there(azure, said)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SECURE_AKS_CLOCK", "2026-11-23")
        return program(said, "features", OnArm(azure))


def test_flux_comes_after_what_judges_it(features):
    policies = [one.urn for one in features.of(":ValidatingAdmissionPolicyBinding")]
    assert policies
    assert set(policies) <= set(features.one(":Extension", "flux").dependencies)


def test_folders_keep_their_order(features):
    folders = features.one(":FluxConfiguration").inputs["kustomizations"]
    assert folders["apps"]["dependsOn"] == ["infrastructure"]
    assert folders["apps"]["prune"] is False
