"""When windows are open and when kured reboots nodes."""
