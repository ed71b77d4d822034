"""What a cluster is made of: one Pulumi component a module, each secure unless the settings say otherwise."""
