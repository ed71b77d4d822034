"""Azure Resource Manager and Entra's login over HTTPS, for the unchanged Azure SDKs."""
