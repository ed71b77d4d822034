#!/bin/sh
# Loads AppArmor profiles into the node's kernel, and keeps them loaded and enforced.
#   apparmor.sh run     do it now and every $INTERVAL seconds, until SIGTERM
#   apparmor.sh once    do it once; fails when a profile could not be loaded
#   apparmor.sh check   only look, for the readiness probe; fails unless every profile is loaded and enforced
# $PROFILES has the profiles, $KERNEL is AppArmor's folder in securityfs, $RECORDS remembers what was loaded from here
# until the node restarts (as the kernel does), $STATUS says what is loaded: lines of name and hash.
set -u
PROFILES=${PROFILES:-/profiles} KERNEL=${KERNEL:-/sys/kernel/security/apparmor} RECORDS=${RECORDS:-/records}
STATUS=${STATUS:-/status} INTERVAL=${INTERVAL:-60}
. "${0%/*}/common.sh"

enforced() { grep -qxF "$1 (enforce)" "$KERNEL/profiles" 2>/dev/null; }
known() { cut -d ' ' -f 1 "$KERNEL/profiles" 2>/dev/null | grep -qxF "$1"; }

# The profile as declared, and as the kernel holds it; a kernel without hashes has an empty second part.
state() {
    printf '%s ' "$(hash_of "$PROFILES/$1")"
    cat "$KERNEL/policy/profiles/$1".[0-9]*/sha256 2>/dev/null || cat "$KERNEL/policy/profiles/$1".[0-9]*/sha1 2>/dev/null
}

in_place() { enforced "$1" && [ "$(state "$1")" = "$(cat "$RECORDS/$1" 2>/dev/null)" ]; }

load_profile() {
    in_place "$1" && return 0
    what=loaded
    known "$1" && what="replaced what was not the declared"
    # First the record: if this is killed after the kernel has the profile, the next run still knows that it is its own.
    if [ ! -e "$RECORDS/$1" ] && ! touch "$RECORDS/$1"; then
        log "error: cannot write $RECORDS/$1, so $1 is not loaded; is the node's /run full or read-only?"
        return 1
    fi
    # From its text, without the parser's cache: nothing on the disk can come in between.
    if ! said=$(apparmor_parser --replace --skip-cache "$PROFILES/$1" 2>&1); then
        log "error: $1 is not loaded: $said"
        return 1
    elif ! enforced "$1"; then
        log "error: the file $1 was loaded, but the kernel enforces no profile of that name"
        return 1
    fi
    if state "$1" >"$RECORDS/.new" && mv -f "$RECORDS/.new" "$RECORDS/$1"; then
        log "$what $1"
    else
        log "error: cannot write $RECORDS/$1; is the node's /run full or read-only?"
        return 1
    fi
}

unload() {
    if known "$1" && ! printf '%s' "$1" >"$KERNEL/.remove"; then
        log "error: $1 is no longer declared, and the kernel does not let go of it"
        return 1
    fi
    rm -f "$RECORDS/$1" && log "removed $1"
}

load() {
    result=0
    if [ ! -e "$KERNEL/.replace" ]; then
        log "error: this node's kernel has no AppArmor ($KERNEL is missing); take its pool out of the profiles' pools"
        return 1
    fi
    for name in $(names); do
        load_profile "$name" || result=1
    done
    for file in "$RECORDS"/*; do
        name=${file##*/}
        [ -f "$file" ] && ! is_declared "$name" && { unload "$name" || result=1; }
    done
    return "$result"
}

main "$@"
