"""`python -m docextract`, and the console script. Imports nothing heavy, so that child processes may import it."""

import sys


def main() -> int:
    """Run the command line; returns the exit code (see the table in README.md)."""
    from docextract.cli.main import main as cli

    return cli(sys.argv[1:])


if __name__ == "__main__":
    sys.exit(main())
