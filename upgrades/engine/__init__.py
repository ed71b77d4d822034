"""The Pulumi CLI: found, asked, listened to, and ended in order."""
