"""How long a brief of the whole Lincang prefecture takes in each form: `python -m tests.bench.bench_brief`.

Every form is made in a process of its own from facts already gathered, as the worker makes it: words, map and
file; once cold (imports, fonts and all), then warm. Pages are counted by LibreOffice, where there is one.
"""

from __future__ import annotations

import json
import platform
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

RESULTS = Path(__file__).parent / "results" / "brief.json"
FORMS = ("docx", "pdf", "pptx", "xlsx")
WARM = 3


def measure(form: str) -> dict[str, Any]:
    """One form, in this process: seconds cold and warm, of which each step; pages, bytes, peak MB."""
    from tests.briefs import brief_of

    brief = brief_of("lincang")
    before = peak_mb()
    totals, steps = [], []
    made = b""
    for _ in range(WARM + 1):
        marks: list[tuple[str, float]] = []
        start = time.perf_counter()
        # The import is part of the first one, as it is in the worker.
        from dashboard.briefs.making import make

        made = make(brief, form, "zh-CN", lambda step, marks=marks: marks.append((step, time.perf_counter())))
        end = time.perf_counter()
        totals.append(end - start)
        ends = [at for _, at in marks[1:]] + [end]
        steps.append({step: round(till - at, 3) for (step, at), till in zip(marks, ends, strict=True)})
    return {
        "form": form,
        "sites": len(brief.picture.sites),
        "pages": pages(made, form),
        "cold_s": round(totals[0], 3),
        "warm_s": round(statistics.median(totals[1:]), 3),
        "warm_steps_s": steps[-1],
        "kilobytes": round(len(made) / 1000),
        "peak_mb": round(peak_mb()),
        "peak_before_mb": round(before),
    }


def pages(made: bytes, form: str) -> int | None:
    """How many pages or slides it is printed on; None where LibreOffice would have to say and is missing."""
    from pypdfium2 import PdfDocument

    if form == "pdf":
        return len(PdfDocument(made))
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, f"brief.{form}")
        path.write_bytes(made)
        command = ["soffice", f"-env:UserInstallation=file://{folder}/settings", "--headless"]
        command += ["--convert-to", "pdf", "--outdir", folder, str(path)]
        try:
            subprocess.run(command, check=True, capture_output=True, timeout=240)
            return len(PdfDocument(path.with_suffix(".pdf").read_bytes()))
        except (OSError, subprocess.SubprocessError):
            return None


def peak_mb() -> float:
    """The most memory this process ever held, in MB (Linux counts in kB, macOS in bytes)."""
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / (1_000_000 if platform.system() == "Darwin" else 1000)


def main() -> None:
    """Measure every form, print a table, write it as JSON."""
    rows = []
    print(
        f"{'form':5} {'pages':>6} {'cold s':>7} {'warm s':>7} {'kB':>6} {'peak MB':>8} {'start':>6}  steps, s"
    )
    for form in FORMS:
        command = [sys.executable, "-m", "tests.bench.bench_brief", form]
        row = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
        rows.append(row)
        print(
            f"{row['form']:5} {row['pages'] or '—':>6} {row['cold_s']:7.2f} {row['warm_s']:7.2f} "
            f"{row['kilobytes']:6} {row['peak_mb']:8} {row['peak_before_mb']:6}  {row['warm_steps_s']}",
            flush=True,
        )
    RESULTS.parent.mkdir(exist_ok=True)
    RESULTS.write_text(json.dumps(rows, indent=1) + "\n", "utf-8")


if __name__ == "__main__":
    if len(sys.argv) > 1:
        print(json.dumps(measure(sys.argv[1])))
    else:
        main()
