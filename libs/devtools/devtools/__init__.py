"""Tools for developing this repository; no Lambda and no stage uses them."""
