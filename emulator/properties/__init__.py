"""Values of resource properties, and how they look on Pulumi's wire."""
