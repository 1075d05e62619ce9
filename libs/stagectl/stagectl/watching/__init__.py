"""Serves what is saved: watches the checkout and replaces code on the emulator."""
