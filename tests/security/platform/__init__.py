"""Controllers that nearly every cluster has, in the shape of their published manifests, and their entries in a stack file."""

from tests.security.platform import cert_manager, external_dns, flux, ingress_nginx, secrets_store

CONTROLLERS = {
    module.ENTRY["name"]: module
    for module in (ingress_nginx, cert_manager, external_dns, flux, secrets_store)
}
