#!/usr/bin/env bash
# Debian packages that some tests run for real: an OCI runtime with a static busybox (seccomp), the AppArmor
# parser, a linter for the loaders' scripts, the client that the reporter of the loaders uses, a browser for the pages of `upgrades`. Nothing to do where they are installed.
set -euo pipefail
declare -A package=([runc]=runc [busybox]=busybox-static [apparmor_parser]=apparmor [shellcheck]=shellcheck [curl]=curl [chromium]=chromium)
export PATH="$PATH:/usr/sbin:/sbin"
missing=()
for tool in "${!package[@]}"; do
    command -v "$tool" >/dev/null || missing+=("${package[$tool]}")
done
[ ${#missing[@]} -gt 0 ] || exit 0
as_root=()
if [ "$(id -u)" -ne 0 ]; then
    if sudo -n true 2>/dev/null; then as_root=(sudo -n); fi
fi
if ! command -v apt-get >/dev/null || { [ "$(id -u)" -ne 0 ] && [ ${#as_root[@]} -eq 0 ]; }; then
    echo "These packages are missing and cannot be installed from here: ${missing[*]}." >&2
    echo "Install them with your system's package manager; the tests that need them fail without them." >&2
    exit 0
fi
echo "Installing for the tests: ${missing[*]}"
"${as_root[@]}" apt-get update -qq
DEBIAN_FRONTEND=noninteractive "${as_root[@]}" apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
