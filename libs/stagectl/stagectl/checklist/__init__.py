"""Release a stage by a check-list that is recorded: compare, check, migrate, deploy, watch."""
