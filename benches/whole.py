#!/usr/bin/env python3
"""Times whole commands: wall seconds, processor seconds and peak memory, best and median of several runs.

    cargo build --release && python3 benches/whole.py [RUNS]

Writes the study of the file-based rows to a temporary folder first. Needs about 1 GB of disk.
"""
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

PROGRAM = os.path.abspath("target/release/offprint")
RUNS = int(sys.argv[1]) if len(sys.argv) > 1 else 3


def once(arguments, folder):
    """Wall seconds, processor seconds, peak MB of one run."""
    start = time.monotonic()
    process = subprocess.Popen([PROGRAM, *arguments], cwd=folder, stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    wall = time.monotonic() - start
    if status != 0:
        sys.exit(f"{arguments} failed with status {status}")
    return wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024


def row(name, arguments, folder, before=lambda: None):
    runs = []
    for _ in range(RUNS):
        before()
        runs.append(once(arguments, folder))
    walls, processor, memory = zip(*runs)
    print(f"| {name} | {statistics.median(walls):.2f} | {min(walls):.2f} | {statistics.median(processor):.2f} | {max(memory):.0f} |", flush=True)


def main():
    work = tempfile.mkdtemp()
    root = os.getcwd()
    try:
        study = os.path.join(work, "study")
        fresh = os.path.join(work, "fresh")
        subprocess.run([PROGRAM, "init", fresh], check=True, stdout=subprocess.DEVNULL)

        def forget(folder):
            for name in (".offprint", "output"):
                shutil.rmtree(os.path.join(folder, name), ignore_errors=True)

        def edit():
            with open(os.path.join(fresh, "templates/report.md.j2"), "a", encoding="utf-8") as template:
                template.write("\nOne more sentence.\n")

        print("| what | wall s, median | wall s, best | processor s, median | peak MB |")
        print("|---|---|---|---|---|")
        row("default run, simulation to filed report", ["run", "--quiet"], fresh, lambda: forget(fresh))
        row("the same on one thread", ["run", "--quiet", "--threads", "1"], fresh, lambda: forget(fresh))
        row("again after editing a template", ["run", "--quiet"], fresh, edit)
        row("write the whole study as files", ["simulate", study, "--quiet", "--config", os.path.join(root, "config.yaml")], work,
            lambda: shutil.rmtree(study, ignore_errors=True))
        row("run from person-level CSV files", ["run", "--quiet"], study, lambda: forget(study))
        row("the same after editing a template", ["run", "--quiet"], study, lambda: open(os.path.join(study, "templates/report.md.j2"), "a").write("\nOne more sentence.\n"))
        row("check the files", ["check", "--quiet"], study)
    finally:
        shutil.rmtree(work)


main()
