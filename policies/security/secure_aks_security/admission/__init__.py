"""The rules as the API server holds them: ValidatingAdmissionPolicies, their exemptions, their parameters."""
