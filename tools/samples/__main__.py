"""`python -m tools.samples [NAME…] [--to FOLDER]` writes the geodata of these profiles, or of all."""

from __future__ import annotations

import argparse
from importlib import import_module
from pathlib import Path

SAMPLES = Path(__file__).resolve().parents[2] / "data" / "samples"
NAMES = ("lincang", "xishuangbanna", "zibo", "lanzhou", "capital")


def main() -> None:
    """Each profile's files into its own folder, or into FOLDER/NAME."""
    parser = argparse.ArgumentParser(prog="python -m tools.samples", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"of {', '.join(NAMES)}; all when none")
    parser.add_argument("--to", type=Path, default=SAMPLES, metavar="FOLDER", help="instead of data/samples")
    asked = parser.parse_args()
    strange = [name for name in asked.names if name not in NAMES]
    if strange:
        parser.error(f"no such profile: {', '.join(strange)}; there are {', '.join(NAMES)}")
    for name in asked.names or NAMES:
        import_module(f"tools.samples.{name}").Build().write(asked.to / name)


if __name__ == "__main__":
    main()
