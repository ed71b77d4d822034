"""Taking a plan's steps on one stack, journalled: from any point at which it was cut off, a rollout goes on."""
