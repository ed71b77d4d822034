"""Azure's own wires: Azure Resource Manager over HTTPS, with a certificate authority of its own."""
