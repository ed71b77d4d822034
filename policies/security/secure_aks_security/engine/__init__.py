"""The rules as CrossGuard policies: what the engine is told of each, and the repairs it can ask for."""
