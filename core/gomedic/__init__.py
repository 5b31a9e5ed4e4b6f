"""Find and repair what is wrong with a Go environment. Nothing here imports Qt."""

__version__ = "0.1.0"
