"""Where a stage is, and what it may be called: the emulator, or an AWS account."""
