"""The lifecycle policy pack, as the Pulumi engine starts it."""

from pulumi.runtime import get_config_env
from pulumi_policy import PolicyPack
from secure_aks_lifecycle.judging.policies import NAME, policies

PolicyPack(name=NAME, policies=policies(get_config_env()))
