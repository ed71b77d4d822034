#!/usr/bin/env bash
# Log the Azure CLI in anew, every four minutes, until the runner ends at the job's end what a step has left behind.
# A login by OIDC is made of a token that ends minutes later: from then on the CLI gets nothing for a service that it has not asked before, such as
# a cluster, and an hour later nothing at all (Azure/azure-cli, issue 28708). kubelogin, `upgrades` and the state's container ask the CLI.
set -uo pipefail
exec < /dev/null > /dev/null 2>&1
while sleep 240; do
    # The job's token goes by a file descriptor: what stands on a command line, every process of the machine can read.
    token=$(curl --fail --silent --config <(printf 'header = "Authorization: bearer %s"\n' "$ACTIONS_ID_TOKEN_REQUEST_TOKEN") \
        "$ACTIONS_ID_TOKEN_REQUEST_URL&audience=api://AzureADTokenExchange" | jq --raw-output .value) || continue
    az login --service-principal --username "$CLIENT" --tenant "$TENANT" --federated-token "$token" --output none || continue
    az account set --subscription "$SUBSCRIPTION"
done
