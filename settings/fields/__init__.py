"""What a value may be: the field types that sections share; each refuses with the reason and what to write instead."""
