"""The sections of a stack file: one model each."""
