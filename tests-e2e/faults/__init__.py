"""No accepted order is ever lost, doubled or seen by a stranger: proven while things break on purpose."""
