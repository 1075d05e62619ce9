"""What a deployment would change on a stage."""
