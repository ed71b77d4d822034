"""The record of a rollout: its lines, what they have to look like, what they say."""
