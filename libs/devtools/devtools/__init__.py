"""What develops this repository; no Lambda and no stage uses it."""
