#!/bin/sh
# Puts seccomp profiles where the kubelet looks for them, and keeps them as they should be.
#   seccomp.sh run     do it now and every $INTERVAL seconds, until SIGTERM
#   seccomp.sh once    do it once; fails when a profile could not be put in place
#   seccomp.sh check   only look, for the readiness probe; fails unless every profile is in place
# $PROFILES has the profiles, $TARGET is the node's folder, $STATUS says what is loaded: lines of name and hash.
set -u
PROFILES=${PROFILES:-/profiles} TARGET=${TARGET:-/node} STATUS=${STATUS:-/status} INTERVAL=${INTERVAL:-60}
RECORD=$TARGET/.secure-aks # the names this script has put there; nobody else's file is ever removed
NEW=$TARGET/.secure-aks-new
. "${0%/*}/common.sh"
umask 022

in_place() { [ -f "$TARGET/$1" ] && [ ! -L "$TARGET/$1" ] && cmp -s "$PROFILES/$1" "$TARGET/$1"; }

# Written beside its place and renamed, so that the kubelet sees the whole file or none, whenever this is killed.
replace() { # name, file with the contents
    cp "$2" "$NEW" && sync "$NEW" && mv -f "$NEW" "$TARGET/$1"
}

record() {
    printf '%s\n' "$1" >"$STATUS/record" && replace .secure-aks "$STATUS/record"
}

install_profile() {
    if in_place "$1"; then
        return 0
    elif [ -d "$TARGET/$1" ]; then
        log "error: $TARGET/$1 is a folder; remove it from the node"
        return 1
    fi
    what=installed
    { [ -e "$TARGET/$1" ] || [ -L "$TARGET/$1" ]; } && what="replaced what was not the declared"
    if replace "$1" "$PROFILES/$1" && in_place "$1"; then
        log "$what $1"
    else
        log "error: cannot write $TARGET/$1; is the node's disk full or read-only?"
        return 1
    fi
}

load() {
    declared=$(names) before=$(cat "$RECORD" 2>/dev/null) result=0
    rm -f "$NEW" # left by a run that was killed
    # Both lists first: whatever happens now, the next run knows what came from here.
    if [ "$before" != "$declared" ] && ! record "$(printf '%s\n%s' "$before" "$declared" | sort -u)"; then
        log "error: cannot write $RECORD; is the node's disk full or read-only?"
        return 1
    fi
    for name in $declared; do
        install_profile "$name" || result=1
    done
    for name in $before; do
        case $name in
        */*) continue ;; # a name, whatever somebody wrote into the record
        *) ;;
        esac
        if ! is_declared "$name"; then
            if rm -f "$TARGET/$name"; then log "removed $name"; else result=1; fi
        fi
    done
    if [ "$result" = 0 ] && [ "$before" != "$declared" ]; then
        record "$declared" || result=1
    fi
    rm -f "$NEW"
    return "$result"
}

main "$@"
