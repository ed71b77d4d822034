"""Cases of the rules about vaults of backups."""

from typing import Any

from tests.security.build import DELETE, backup_vault

HAPPY = backup_vault
TYPE = "azure-native:dataprotection:BackupVault"
_SECURITY = "properties.securitySettings"
_SOFT, _STATE = f"{_SECURITY}.softDeleteSettings", f"{_SECURITY}.immutabilitySettings.state"
_OFF = f"{_SOFT} is off, or ends before 14 days"
_DELETED = f"{_STATE} is not Unlocked or Locked"
CASES: dict[str, dict[str, Any]] = {
    "cluster-backup-soft-delete": {
        "passes": {
            "for ever": {f"{_SOFT}.state": "AlwaysOn"},
            "Azure's own": {_SOFT: DELETE},
            "nothing said of security": {_SECURITY: DELETE},
            "nothing said": {"properties": DELETE},
            "Azure's own days": {f"{_SOFT}.retentionDurationInDays": DELETE},
            "longer": {f"{_SOFT}.retentionDurationInDays": 180},
        },
        "fails": {
            "off": ({f"{_SOFT}.state": "Off"}, _OFF),
            "13 days": ({f"{_SOFT}.retentionDurationInDays": 13}, _OFF),
        },
    },
    "cluster-backup-immutable": {
        "passes": {"locked": {_STATE: "Locked"}},
        "fails": {
            "off": ({_STATE: "Disabled"}, _DELETED),
            "by default": ({_STATE: DELETE}, _DELETED),
            "without security": ({_SECURITY: DELETE}, _DELETED),
        },
    },
}
