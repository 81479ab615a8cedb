"""What starting costs: CPU milliseconds over a bare interpreter, of --help and of the import, beside other tools.

    python benchmarks/start_up.py [--repeats 9] [--peers PYTHON]

PYTHON is the interpreter of a virtual environment that holds instructor and py-zerox; left out, they are
skipped. Each command is run in turn, medians, -X importtime off, bytecode already compiled.
"""

from __future__ import annotations

import argparse
import statistics
import sys
from functools import partial

from measure import about, command, interleaved


def spent(words: list[str]) -> float:
    took = command(words)
    if took.code:
        raise SystemExit(f"{' '.join(words)} ended with {took.code}")
    return took.cpu_s


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--repeats", type=int, default=9)
    options.add_argument("--peers")
    chosen = options.parse_args()
    python = sys.executable
    ways = {
        "bare interpreter": [python, "-c", "pass"],
        "docextract --help": [python, "-m", "docextract", "--help"],
        "docextract run --help": [python, "-m", "docextract", "run", "--help"],
        "import docextract": [python, "-c", "import docextract"],
    }
    if chosen.peers:
        ways["peers' bare interpreter"] = [chosen.peers, "-c", "pass"]
        ways["import instructor"] = [chosen.peers, "-c", "import instructor; instructor.from_openai"]
        ways["import pyzerox"] = [chosen.peers, "-c", "import pyzerox"]
    print(about())
    for words in ways.values():
        spent(words)
    found = interleaved({name: partial(spent, words) for name, words in ways.items()}, chosen.repeats)
    bare = statistics.median(found["bare interpreter"])
    for name, values in found.items():
        middle = statistics.median(values)
        over = f"{1000 * (middle - bare):8.1f} ms over the interpreter" if name != "bare interpreter" else ""
        print(f"{name:28} {1000 * middle:8.1f} ms CPU (least {1000 * min(values):.1f}, n={len(values)})  {over}")
    if not chosen.peers:
        print("instructor, py-zerox: skipped, no --peers PYTHON given")


if __name__ == "__main__":
    main()
