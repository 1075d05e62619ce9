"""The packaged files, and the restaurants that the landing page shows."""
