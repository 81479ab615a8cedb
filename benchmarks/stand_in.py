"""The fake endpoint as a process: prints its address and key, and serves until its standard input ends.

    python benchmarks/stand_in.py [MODE] [LATENCY_S]

What it has read of an image is kept by the image's digest: after a first round it costs next to nothing.
At the end it prints how many requests it had and the most at once.
"""

from __future__ import annotations

import sys

from docextract.testing.endpoint import FakeEndpoint

if __name__ == "__main__":
    mode = sys.argv[1] if len(sys.argv) > 1 else "openai"
    latency = float(sys.argv[2]) if len(sys.argv) > 2 else 0.2
    with FakeEndpoint("zai" if mode == "zai" else "openai", latency_s=latency) as fake:
        print(fake.base_url, fake.key, flush=True)
        sys.stdin.read()
