"""Invoking one function: with which event, as whom, and where."""
