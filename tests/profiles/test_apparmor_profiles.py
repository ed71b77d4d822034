"""The AppArmor profiles of the repository: compiled by the real parser, enforced where the kernel has AppArmor."""

import subprocess
from pathlib import Path

import pytest

from settings.profile_files import faults
from tests.profiles.helpers import PROFILES, tool

FILES = sorted((PROFILES / "apparmor").iterdir())
KERNEL = Path("/sys/kernel/security/apparmor")


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_it_compiles_to_a_policy_of_its_name(file):
    command = [tool("apparmor_parser"), "--skip-cache"]
    compiled = subprocess.run(
        [*command, "--skip-kernel-load", "--stdout", str(file)], capture_output=True, check=False
    )
    names = subprocess.run([*command, "--names", str(file)], capture_output=True, text=True, check=False)

    assert compiled.returncode == 0, compiled.stderr
    assert file.name.encode() in compiled.stdout
    assert names.stdout.split() == [file.name]
    assert faults("apparmor", file, file.name) == []


# A command that the profile must stop, for each: (command, without the profile it works).
STOPPED = {
    "k8s-apparmor-example-deny-write": "touch /tmp/secure-aks-$$ && rm /tmp/secure-aks-$$",
    "hardened": "cp /bin/true /tmp/secure-aks-$$ && /tmp/secure-aks-$$; code=$?; rm -f /tmp/secure-aks-$$; exit $code",
}


def test_it_is_enforced_where_this_kernel_has_apparmor(record_property):
    assert set(STOPPED) == {file.name for file in FILES}
    if not (KERNEL / ".replace").exists():
        record_property(
            "counted", f"{len(FILES)} AppArmor profiles compiled only: this machine's kernel has no AppArmor"
        )
        return
    for file in FILES:
        subprocess.run([tool("apparmor_parser"), "--replace", "--skip-cache", str(file)], check=True)
        try:
            free = subprocess.run(["sh", "-c", STOPPED[file.name]], check=False)
            command = [tool("aa-exec"), "--profile", file.name, "--", "sh", "-c", STOPPED[file.name]]
            bound = subprocess.run(command, capture_output=True, text=True, check=False)
        finally:
            subprocess.run([tool("apparmor_parser"), "--remove", str(file)], check=True)
        assert free.returncode == 0
        assert bound.returncode != 0
        assert "Permission denied" in bound.stderr
    record_property(
        "counted", f"{len(FILES)} AppArmor profiles compiled and enforced by this machine's kernel"
    )
