"""Who may do what in the cluster: the role presets and the declared access as data, made from the settings alone."""
