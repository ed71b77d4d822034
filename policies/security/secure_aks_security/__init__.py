"""The security policy pack: its rules, importable from the project's root and inside the pack's folder."""
