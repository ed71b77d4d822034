"""What Azure Resource Manager says about clusters, pools, quota, networks and locks."""
