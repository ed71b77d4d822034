"""Everything of Azure beside AKS: groups, networks, monitoring, roles, deployments."""
