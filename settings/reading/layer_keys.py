"""The keys of a stack file that are about layers and no sections."""

from typing import Literal

from secure_aks_lifecycle.stack.layers import DEFAULTS

PROFILE = "profile"
"""The name of the profile of the first day that lies at the bottom."""
EACH_POOL = "eachPool"
"""What every item of `pools` has below its own."""
CLUSTERS = "clusters"
"""The further clusters of the stack, by name."""
LAYER_KEYS = {
    PROFILE: "`dev` or `prod`: what the profile of the first day brings lies below everything else",
    DEFAULTS: "a mapping of sections that lies below those of the stack; as `value` in Pulumi.yaml it is what all stacks share",
    EACH_POOL: "a mapping with keys of a pool, which every item of `pools` has unless it says otherwise",
    CLUSTERS: "the further clusters of the stack, by name: each is the first one with these sections laid over it (docs/several-clusters.md)",
}
Profile = Literal["dev", "prod"]
