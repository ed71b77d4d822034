# shellcheck shell=sh
# What both loaders share. A loader defines `load` (put everything in place) and `in_place NAME`.
# shellcheck disable=SC2154  # PROFILES, STATUS and INTERVAL are the loader's

log() { printf '%s %s\n' "$(date -u +%Y-%m-%dT%H:%M:%SZ)" "$*"; }

# The declared profiles, one a line; a ConfigMap's own files begin with a dot.
names() {
    for file in "$PROFILES"/*; do
        [ -f "$file" ] && printf '%s\n' "${file##*/}"
    done
}

is_declared() { [ -f "$PROFILES/$1" ]; }

hash_of() { sha256sum <"$1" | cut -c 1-16; }

check() {
    failed=0
    for name in $(names); do
        in_place "$name" || { log "not loaded: $name" && failed=1; }
    done
    return "$failed"
}

# Says what is loaded, for the reporter: whole or not at all.
report() {
    for name in $(names); do
        in_place "$name" && printf '%s %s\n' "$name" "$(hash_of "$PROFILES/$name")"
    done >"$STATUS/.loaded" && mv -f "$STATUS/.loaded" "$STATUS/loaded"
}

once() {
    load
    result=$?
    report || result=1
    return "$result"
}

run() {
    # A signal only asks: what is being done is finished first, and its output goes where it should.
    stop=
    trap 'stop=yes' TERM INT
    log "loading $(names | wc -l) profiles"
    once && log "every profile is loaded"
    while [ -z "$stop" ]; do
        sleep "$INTERVAL" &
        wait $! # a signal ends the wait, not the sleep
        [ -n "$stop" ] || once
    done
    log "stopping; the profiles stay"
}

main() {
    case ${1:-} in
    run | once | check) "$1" ;;
    *)
        echo "usage: $0 run|once|check" >&2
        exit 2
        ;;
    esac
}
