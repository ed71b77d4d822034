"""HTTPS on the loopback address under the names of other hosts: certificates, a proxy that ends at itself, messages."""
