"""Runs the emulator from its sources."""

import runpy

if __name__ == "__main__":
    runpy.run_module("local_aws", run_name="__main__", alter_sys=True)
