"""Read what CloudFormation and SSM hold of a stage."""
