#!/usr/bin/env python3
"""Wireshark's judgement of the simulated frames: every checksum checked, no malformed frame, no expert
error; on lossless scenarios no expert warning either; and it sees the dialogues that we see."""
import json
import pathlib
import shutil
import subprocess
import sys
import tempfile

PROGRAM = sys.argv[1]
if not shutil.which("tshark"):
    print("skipped: tshark is not installed")
    sys.exit(77)

CHECKS = ["-o", "ip.check_checksum:TRUE", "-o", "tcp.check_checksum:TRUE", "-o", "udp.check_checksum:TRUE",
          "-o", "tcp.analyze_sequence_numbers:TRUE"]
WARNING, ERROR = 0x600000, 0x800000  # PI_WARN, PI_ERROR


def tshark(capture, *arguments):
    result = subprocess.run(["tshark", "-n", *CHECKS, "-r", capture, *arguments], capture_output=True, text=True, timeout=120)
    if result.returncode != 0:
        sys.exit(f"tshark failed: {result.stderr}")
    return result.stdout.splitlines()


def experts(capture):
    """(frame, severity, message) of each frame that has an expert item."""
    rows = []
    for line in tshark(capture, "-T", "fields", "-e", "frame.number", "-e", "_ws.expert.severity",
                       "-e", "_ws.expert.message", "-e", "_ws.malformed"):
        number, severities, message, malformed = (line.split("\t") + [""] * 4)[:4]
        worst = max((int(one) for one in severities.split(",") if one), default=0)
        if malformed:
            worst = ERROR
        rows.append((int(number), worst, message or malformed))
    return rows


def check(name, seed, lossy, folder):
    capture = pathlib.Path(folder, "run.pcap")
    report = json.loads(subprocess.run([PROGRAM, "run", name, "--seed", str(seed), "--pcap", capture, "--json", "--exchanges"],
                                       capture_output=True, check=True).stdout)
    frames = experts(capture)
    assert len(frames) == report["source"]["frames"], (name, len(frames))
    limit = ERROR if lossy else WARNING
    bad = [row for row in frames if row[1] >= limit]
    assert not bad, f"{name} seed {seed}: {bad[:5]}"
    commands = [line for line in tshark(capture, "-Y", "smtp.req.command", "-T", "fields", "-e", "smtp.req.command") if line]
    ours = sum(one["commands"] for one in report["connections"] if one["protocol"] == "smtp")
    if not lossy:
        assert sum(len(line.split(",")) for line in commands) == ours, (name, commands, ours)
    return len(frames)


def main():
    listed = json.loads(subprocess.run([PROGRAM, "list", "--json"], capture_output=True, check=True).stdout)
    total = 0
    with tempfile.TemporaryDirectory() as folder:
        for one in listed:
            name = one["name"]
            lossy = name == "lossy-line"
            if name == "same-host":
                continue  # nothing crosses a wire
            for seed in range(1, 11) if lossy else (1, 2):
                total += check(name, seed, lossy, folder)
    print(f"tshark found no fault in {total} frames")
    assert total > 0


main()
