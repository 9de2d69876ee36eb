"""The faces of the engine: command line and HTTP. Neither knows of the other."""
