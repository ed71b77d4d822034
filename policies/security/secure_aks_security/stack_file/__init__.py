"""What the stack file says to this pack: levels, parameters, exemptions, controllers of the platform, facts."""
