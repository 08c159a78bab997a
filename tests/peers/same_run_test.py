#!/usr/bin/env python3
"""same_run_test.py MAILSCOPE OTHER SCENARIO: two builds of the program play it; their captures and reports must be the same octets."""
import pathlib
import subprocess
import sys
import tempfile

first, second, name = sys.argv[1:4]
with tempfile.TemporaryDirectory() as folder:
    for seed in "1", "7":
        outputs = []
        for program in first, second:
            capture = pathlib.Path(folder, "run.pcap")
            run = subprocess.run([program, "run", name, "--seed", seed, "--pcap", capture, "--json", "--exchanges"],
                                 capture_output=True, timeout=120)
            outputs.append((run.returncode, run.stdout, run.stderr, capture.read_bytes()))
        if outputs[0] != outputs[1]:
            sys.exit(f"{name} with seed {seed} differs between {first} and {second}")
