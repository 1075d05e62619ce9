"""What scenarios do in the shop of the example services, and what they expect there."""
