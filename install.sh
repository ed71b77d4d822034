#!/usr/bin/env bash
# Install by uv what its arguments say, from where pip would: uv reads neither pip's files nor its variables.
# `install.sh <folder with pip and uv> <arguments of uv pip install>`. A variable of uv's own goes before what pip says.
set -euo pipefail
bin=$1
shift

listed=$("$bin/pip" --disable-pip-version-check config list 2>/dev/null || true)

# A setting of pip's: from its variables, else from its files, those for `pip install` first. `pip config list` writes name='value'.
said() {
  local where line
  for where in :env: install global; do
    line=$(grep -F -- "$where.$1=" <<<"$listed" | head -1) || continue
    line=${line#*=?}
    printf '%s' "${line%?}" | sed 's/\\n/ /g; s/^ *//'
    return 0
  done
  return 1
}

hand_over() { # <uv's variable> <pip's setting> <what separates several>
  local value
  if [ -z "${!1:-}" ] && value=$(said "$2") && [ -n "$value" ]; then
    export "$1=$(printf '%s' "$value" | tr -s ' \n' "$3")"
  fi
}

if [ -z "${UV_INDEX_URL:-}" ]; then hand_over UV_DEFAULT_INDEX index-url ' '; fi
if [ -z "${UV_INDEX:-}" ]; then hand_over UV_EXTRA_INDEX_URL extra-index-url ' '; fi
hand_over UV_FIND_LINKS find-links ','
hand_over UV_INSECURE_HOST trusted-host ' '
hand_over SSL_CERT_FILE cert ' '
if [ -z "${HTTPS_PROXY:-}${https_proxy:-}${ALL_PROXY:-}${all_proxy:-}" ]; then hand_over ALL_PROXY proxy ' '; fi
export UV_SYSTEM_CERTS="${UV_SYSTEM_CERTS:-true}" # what this machine trusts, as pip does
exec "$bin/uv" pip install "$@"
