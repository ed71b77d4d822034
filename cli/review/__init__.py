"""A preview as a comment on a pull request: verdicts first, then what changes."""
