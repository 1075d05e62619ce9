"""What CloudFormation and SSM hold of a stage."""
