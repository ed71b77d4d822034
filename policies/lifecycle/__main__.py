"""The lifecycle policy pack, as the Pulumi engine starts it."""

from pulumi.runtime import get_config_env
from secure_aks_lifecycle.judging.policies import NAME, READERS, policies
from secure_aks_lifecycle.server import serve

serve(NAME, policies(get_config_env()), READERS)
