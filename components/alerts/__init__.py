"""What the alerts on the cluster's metrics ask for, and what they say."""
