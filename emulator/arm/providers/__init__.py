"""What single resource providers answer beside their resources: upgrades, credentials, quotas, roles, registrations."""
