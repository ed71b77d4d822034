"""What is known of AKS and Kubernetes versions: data with a source and a date, and how it is brought up to date."""
