"""The version of the package, for whoever needs it without the package's public names."""

__version__ = "0.1.0"
