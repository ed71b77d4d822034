#!/usr/bin/env bash
# Put a file as a comment on the pull request of this run, in the place of the one that begins with the same line.
# The build service needs "Contribute to pull requests" on the repository.
set -euo pipefail
file=${1:?which file?}
MARKER=$(head -n 1 "$file")
export MARKER
threads="${SYSTEM_COLLECTIONURI}${SYSTEM_TEAMPROJECTID}/_apis/git/repositories/${BUILD_REPOSITORY_ID}/pullRequests/${SYSTEM_PULLREQUEST_PULLREQUESTID}/threads"
# The token goes by a file descriptor: what stands on a command line, every process of the machine can read.
call() { curl --fail-with-body --silent --show-error --config <(printf 'header = "Authorization: Bearer %s"\n' "$SYSTEM_ACCESSTOKEN") --header 'Content-Type: application/json' "$@"; }
thread=$(call "$threads?api-version=7.1" | jq --raw-output '[.value[] | select(.isDeleted | not) | select(.comments[0].content // "" | startswith(env.MARKER)) | .id][0] // empty')
if [ -n "$thread" ]; then
    jq --null-input --rawfile content "$file" '{content: $content}' |
        call --request PATCH --data @- "$threads/$thread/comments/1?api-version=7.1" >/dev/null
else
    jq --null-input --rawfile content "$file" '{comments: [{content: $content, commentType: "text"}], status: "closed"}' |
        call --request POST --data @- "$threads?api-version=7.1" >/dev/null
fi
