"""What the chain around a handler costs at each invocation, once everything is warm."""
