"""The parts of the component SecurityProfiles: loaders, their rights, and what a workload needs to use a profile."""
