#!/bin/sh
# Writes what the loader of this pod has loaded into labels of this node, so that node affinity can ask for it:
# <domain>/<profile> = the first 16 digits of the SHA-256 of its file.
#   report.sh run     when it changes and every $INTERVAL seconds, until SIGTERM
#   report.sh once    once; fails when the API server did not take it
#   report.sh check   only look, for the readiness probe; fails unless what is loaded now is reported
# $DOMAIN is the labels' prefix, $NODE_NAME the node, $STATUS/loaded what the loader says, $ACCOUNT has the token and the CA.
set -u
STATUS=${STATUS:-/status} STATE=${STATE:-/tmp} ACCOUNT=${ACCOUNT:-/account} INTERVAL=${INTERVAL:-300}
DOMAIN=${DOMAIN:?}
URL=https://${KUBERNETES_SERVICE_HOST:?}:${KUBERNETES_SERVICE_PORT:?}/api/v1/nodes/${NODE_NAME:?}

log() { printf '%s %s\n' "$(date -u +%Y-%m-%dT%H:%M:%SZ)" "$*"; }

# A merge patch; the answer is the whole node, so no right to read nodes is needed.
patch() {
    # The token goes in by a file descriptor: arguments can be seen by others.
    code=$(printf 'header = "Authorization: Bearer %s"\n' "$(cat "$ACCOUNT/api-token")" |
        curl --silent --show-error --max-time 30 --config - --cacert "$ACCOUNT/ca.crt" --request PATCH \
            --header 'Content-Type: application/merge-patch+json' --data "{\"metadata\":{\"labels\":{$1}}}" \
            --output "$STATE/answer" --write-out '%{http_code}' "$URL" 2>"$STATE/error")
    [ "$code" = 200 ] && return 0
    log "error: the API server did not take the labels: $code $(cat "$STATE/error" "$STATE/answer" 2>/dev/null | head -c 500)"
    return 1
}

wanted() {
    comma=
    while read -r name hash; do
        printf '%s"%s/%s":"%s"' "$comma" "$DOMAIN" "$name" "$hash"
        comma=,
    done <"$STATE/loaded"
}

# Labels of profiles that are loaded no longer, as members with the value null.
stale() {
    comma=
    grep -o "\"$DOMAIN/[^\"\\\\]*\":" "$STATE/answer" | tr -d '":' | sort -u | while read -r label; do
        cut -d ' ' -f 1 "$STATE/loaded" | grep -qxF "${label#"$DOMAIN/"}" && continue
        printf '%s"%s":null' "$comma" "$label"
        comma=,
    done
}

once() {
    if ! cp "$STATUS/loaded" "$STATE/loaded" 2>/dev/null; then
        log "waiting for the loader"
        return 1
    fi
    patch "$(wanted)" || return 1
    gone=$(stale)
    if [ -n "$gone" ]; then patch "$gone" || return 1; fi
    cmp -s "$STATE/loaded" "$STATE/reported" || log "this node says that it has:" "$(tr '\n' ';' <"$STATE/loaded")"
    mv -f "$STATE/loaded" "$STATE/reported"
}

check() { cmp -s "$STATUS/loaded" "$STATE/reported"; }

run() {
    trap 'exit 0' TERM INT
    waited=$INTERVAL
    while :; do
        if [ "$waited" -ge "$INTERVAL" ] || ! check; then
            once && waited=0
        fi
        sleep 5 &
        wait $!
        waited=$((waited + 5))
    done
}

case ${1:-} in
run | once | check) "$1" ;;
*)
    echo "usage: $0 run|once|check" >&2
    exit 2
    ;;
esac
