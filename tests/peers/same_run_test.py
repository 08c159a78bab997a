#!/usr/bin/env python3
"""Two builds of the program play every scenario; their captures and reports must be the same octets."""
import json
import pathlib
import subprocess
import sys
import tempfile

first, second = sys.argv[1:3]
names = [one["name"] for one in json.loads(subprocess.run([first, "list", "--json"], capture_output=True, check=True).stdout)]
compared = 0
with tempfile.TemporaryDirectory() as folder:
    for name in names:
        for seed in "1", "7":
            outputs = []
            for program in first, second:
                capture = pathlib.Path(folder, "run.pcap")
                run = subprocess.run([program, "run", name, "--seed", seed, "--pcap", capture, "--json", "--exchanges"],
                                     capture_output=True, timeout=120)
                outputs.append((run.returncode, run.stdout, run.stderr, capture.read_bytes()))
            if outputs[0] != outputs[1]:
                sys.exit(f"{name} with seed {seed} differs between {first} and {second}")
            compared += 1
print(f"{compared} runs are the same in both builds")
sys.exit(0 if compared else 1)
