"""What the API server of a cluster says about nodes, pods, workloads and webhooks."""
