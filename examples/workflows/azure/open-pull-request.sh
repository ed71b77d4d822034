#!/usr/bin/env bash
# Open (or bring up to date) the pull request of the step that `upgrades next --write --json > next.json` wrote into a stack file,
# or of another file that the second word names.
set -euo pipefail
stack=${1:?which stack?}
file=${2:-Pulumi.$stack.yaml}
if git diff --quiet "$file"; then
    echo "$stack: nothing comes next"
    exit 0
fi
branch="upgrades/$stack"
subject=$(jq --raw-output .subject next.json)
jq --raw-output '.subject + "\n\n" + .body' next.json > message.txt
git config user.name "Secure AKS"
git config user.email "build@localhost"
git checkout -B "$branch"
git commit --file message.txt "$file"
git push --force origin "$branch"
at=(--organization "$SYSTEM_COLLECTIONURI" --project "$SYSTEM_TEAMPROJECT" --repository "$BUILD_REPOSITORY_NAME")
open=$(az repos pr list "${at[@]}" --source-branch "$branch" --status active --query '[0].pullRequestId' --output tsv)
# At most 4000 characters: Azure DevOps takes no longer description.
text=$(jq --raw-output '.pullRequest[0:4000]' next.json)
if [ -n "$open" ]; then
    az repos pr update --organization "$SYSTEM_COLLECTIONURI" --id "$open" --title "$subject" --description "$text" --output none
else
    az repos pr create "${at[@]}" --source-branch "$branch" --target-branch main --title "$subject" --description "$text" --output none
fi
