"""`python -m normalizer`: the command line."""

from normalizer.interfaces.cli import main

if __name__ == "__main__":
    main()
