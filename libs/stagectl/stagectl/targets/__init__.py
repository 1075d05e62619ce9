"""Targets of stages, the emulator or an AWS account, and the names of stages."""
