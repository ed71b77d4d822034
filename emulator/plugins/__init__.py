"""Resource providers of the emulator: plain-value classes, used in process and over gRPC alike."""
