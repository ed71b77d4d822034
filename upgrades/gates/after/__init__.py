"""Gates after a step: whether all is as well as before it."""
