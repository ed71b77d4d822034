"""Cases of the rules about trusted access."""

from typing import Any

from tests.security.build import DELETE, trusted_access

HAPPY = trusted_access
TYPE = "azure-native:containerservice:TrustedAccessRoleBinding"
_BACKUP = "Microsoft.DataProtection/backupVaults/backup-operator"
_NAMED = "Microsoft.MachineLearningServices/workspaces/inference-v1"
_LEARNING = "Microsoft.MachineLearningServices/workspaces/mlworkload"
CASES: dict[str, dict[str, Any]] = {
    "cluster-trusted-access": {
        "passes": {
            "none": {"roles": []},
            "one of the parameter's": {
                "roles": [_NAMED, _BACKUP],
                "facts": {"snapshotGroups": ["one", "two"]},
            },
        },
        "fails": {
            "of backups in a stack without": (
                {"roles": [_BACKUP], "facts": {"snapshotGroups": []}},
                f"/subscriptions/s/vault gets {_BACKUP}",
            ),
            "another role": (
                {"roles": [_NAMED, _BACKUP, _LEARNING]},
                f"/subscriptions/s/vault gets {_LEARNING}",
            ),
            "of an unnamed resource": (
                {"roles": [_LEARNING], "sourceResourceId": DELETE},
                f"another resource gets {_LEARNING}",
            ),
            "no roles": ({"roles": DELETE}, "/subscriptions/s/vault gets roles nobody names"),
        },
    }
}
