"""A language host for Python: what the engine starts to run a program and policy packs.

The Pulumi CLI's releases carry one; its Go module does not. This one runs where that is missing.
"""
