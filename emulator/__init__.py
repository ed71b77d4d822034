"""The embedded default engine: runs a Pulumi program with no Azure account and no Pulumi CLI."""
