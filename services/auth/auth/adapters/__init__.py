"""One module for each AWS resource that the service uses."""
