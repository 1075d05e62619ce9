"""Run this repository's GitHub workflows in tests, for an event that a test makes.

Conditions, needs, inputs, outputs and concurrency groups are evaluated, and bash runs the steps' scripts.
What a script calls is real or a stand-in, as the test chooses. The test plays other people's actions.
"""
