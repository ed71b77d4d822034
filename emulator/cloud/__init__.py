"""The emulated cloud: its state in one file, operations that take time, faults, events."""
