"""The version, in a place of its own: the lowest layers write it down too."""

__version__ = "0.1.0.dev0"
