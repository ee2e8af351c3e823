"""Run every `bench_*.py` beside this file, each in a process of its own: `python -m tests.bench [NAME…]`.

A bench prints its table and writes `tests/bench/results/<name>.json`.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).parent


def main(names: list[str]) -> int:
    """The number of benches that failed; an unknown name is an error that lists the known ones."""
    known = sorted(path.stem.removeprefix("bench_") for path in HERE.glob("bench_*.py"))
    unknown = [name for name in names if name not in known]
    if unknown:
        print(f"No bench named {', '.join(unknown)}; there are: {', '.join(known)}", file=sys.stderr)
        return 2
    (HERE / "results").mkdir(exist_ok=True)
    failed = 0
    for name in names or known:
        print(f"\n== {name} ==", flush=True)
        failed += (
            subprocess.run([sys.executable, "-m", f"tests.bench.bench_{name}"], check=False).returncode != 0
        )
    return failed


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
