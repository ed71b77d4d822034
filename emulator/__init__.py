"""The lab: what stands in for Azure, Entra and a cluster on this machine, and the dry run of a program without an engine."""
