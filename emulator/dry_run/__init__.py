"""A preview without an engine: the program against the SDK's mock monitor, judged by the packs."""
