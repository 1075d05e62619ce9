"""The command line that brings Big Mouth's stages up, down, lists and checks them."""

__version__ = "0.1.0"
