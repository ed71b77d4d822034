"""Azure Kubernetes Service: clusters, pools, versions, credentials, windows, fleets."""
