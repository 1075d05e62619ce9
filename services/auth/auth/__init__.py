"""Who people are: the user pool, its clients and groups, and the rules of signing up."""
