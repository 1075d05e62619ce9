"""The fault suite: no accepted order is lost, duplicated or disclosed during injected faults."""
