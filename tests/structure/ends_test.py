#!/usr/bin/env python3
"""ends_test.py PROGRAM ROOT: a test program's exit code is 77 when all of it was skipped, and 1 when anything was
wrong, whatever it printed; approving a golden writes it and fails."""
import os
import pathlib
import subprocess
import sys
import tempfile

PROGRAM, ROOT = sys.argv[1], pathlib.Path(sys.argv[2])


def end(*cases, **environment):
    return subprocess.run([PROGRAM, ",".join(case.replace(",", "\\,") for case in cases)], env={**os.environ, **environment},
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)


for cases, wanted in [(["passes"], 0), (["skips"], 77), (["passes", "skips"], 0),
                      (["skips, and finds something wrong"], 1),
                      (["says that it is skipped, and finds something wrong"], 1), (["fails 77 times"], 1),
                      (["was added"], 1)]:
    code = end(*cases).returncode
    assert code == wanted, (cases, code)

with tempfile.TemporaryDirectory() as folder:
    golden = pathlib.Path(folder, "a.txt")
    golden.write_text("as it was")
    name = os.path.relpath(golden, ROOT / "tests")
    kept = {key: os.environ.pop(key) for key in ["MAILSCOPE_APPROVE"] if key in os.environ}
    assert end("approves", MAILSCOPE_GOLDEN=name).returncode == 1 and golden.read_text() == "as it was"
    written = end("approves", MAILSCOPE_GOLDEN=name, MAILSCOPE_APPROVE="1")
    assert written.returncode == 1 and golden.read_text() == "as it is now", written
    assert "is written; read the difference" in " ".join(written.stdout.split()), written.stdout
    assert end("approves", MAILSCOPE_GOLDEN=name).returncode == 0
    golden.unlink()
    assert end("approves", MAILSCOPE_GOLDEN=name).returncode == 1  # a golden that is not there
