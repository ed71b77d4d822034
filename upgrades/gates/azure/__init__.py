"""Gates on what Azure has and allows: states, locks, channels, quota, sizes, addresses."""
