"""The parts of the component NodeReboots: the chart's values, kured's rights, and what watches it."""
