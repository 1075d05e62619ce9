"""What browsers load: the landing page, the page for a restaurant's staff, and their files."""
