"""Who takes part: persons, organisations, roles, sign-ins, signed links. Personal data lives here and nowhere else."""
