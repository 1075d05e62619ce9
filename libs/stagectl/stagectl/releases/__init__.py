"""Releases: versions of functions behind the alias `live`, what was live before, and the way back."""
