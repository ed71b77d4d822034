"""Taking the steps: the engine, interrupts, processes."""
