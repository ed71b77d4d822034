"""The emulator's own engine: it runs the program against the SDK's mock monitor, with state, judged by the packs."""
