"""Azure's own wires: Azure Resource Manager and Entra's token endpoint over HTTPS on the loopback address."""
