"""How fast a study runs: python benchmarks/speed.py [STUDY.yaml].

Times `rolecoder --help` (CPU seconds), the study from nothing (vectors too), and the study again.
"""

from __future__ import annotations

import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path


def timed(*arguments: str, environment: dict[str, str]) -> tuple[float, float]:
    """Run the program; wall seconds and CPU seconds."""
    before, start = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    subprocess.run(  # noqa: S603 - the program under measurement
        [sys.executable, "-m", "rolecoder.cli.app", *arguments], check=True, stdout=subprocess.DEVNULL, env=environment
    )
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.perf_counter() - start, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def main() -> None:
    from rolecoder.runfolder import RunFolder

    study = sys.argv[1] if len(sys.argv) > 1 else "configs/gulf-war.yaml"
    helps = sorted(timed("--help", environment=dict(os.environ))[1] for _ in range(5))
    print(f"rolecoder --help: {helps[2]:.2f} s of CPU (median of 5)")
    with tempfile.TemporaryDirectory() as scratch:
        environment = os.environ | {"ROLECODER_CACHE": f"{scratch}/cache"}
        run = Path(scratch) / "run"
        for turn in ("from nothing", "again"):
            wall, cpu = timed("run", study, "--out", str(run), environment=environment)
            print(f"{study} {turn}: {wall:.1f} s, {cpu:.1f} s of CPU")
        for stage, done in RunFolder(path=run).record()["stages"].items():
            counts = ", ".join(f"{count:,} {what}" for what, count in done["counts"].items())
            print(f"  {stage:8} {done['seconds']:8.1f} s  {counts}")
            if stage == "code":
                print(f"           {done['counts']['passages'] / done['seconds']:8.0f} passages a second")


if __name__ == "__main__":
    main()
