"""What the engine sends, read as plain values, and what each rule says of it."""
