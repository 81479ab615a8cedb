"""`python -m docextract`, and the console script. Imports nothing heavy, so that child processes may import it."""

import sys


def main() -> int:
    """Run the command line; returns the exit code (see the table in README.md)."""
    from docextract.cli.main import main as cli

    _leave_no_core()
    return cli(sys.argv[1:])


def _leave_no_core() -> None:
    """Have no core file written, of this process or of one that it starts: it would hold the key and the documents."""
    if sys.platform != "win32":
        import resource

        _, hard = resource.getrlimit(resource.RLIMIT_CORE)
        resource.setrlimit(resource.RLIMIT_CORE, (0, hard))


if __name__ == "__main__":
    sys.exit(main())
