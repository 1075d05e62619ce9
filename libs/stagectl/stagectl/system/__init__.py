"""Processes, locks and signals of this machine."""
