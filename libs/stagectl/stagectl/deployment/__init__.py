"""Deploying the stacks of a checkout."""
