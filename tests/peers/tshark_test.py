#!/usr/bin/env python3
"""tshark_test.py MAILSCOPE SCENARIO: Wireshark's judgement of the simulated frames: every checksum checked, no malformed frame, no expert
error; on lossless scenarios no expert warning either; and it sees the dialogues that we see."""
import json
import pathlib
import shutil
import subprocess
import sys
import tempfile

PROGRAM, SCENARIO = sys.argv[1:3]
if not shutil.which("tshark"):
    print("skipped: tshark is not installed")
    sys.exit(77)

CHECKS = ["-o", "ip.check_checksum:TRUE", "-o", "tcp.check_checksum:TRUE", "-o", "udp.check_checksum:TRUE",
          "-o", "tcp.analyze_sequence_numbers:TRUE", "-o", "smtp.decryption:TRUE"]
RESET = "Connection reset (RST)"
WARNING, ERROR = 0x600000, 0x800000  # PI_WARN, PI_ERROR


def tshark(capture, *arguments):
    result = subprocess.run(["tshark", "-n", *CHECKS, "-r", capture, *arguments], capture_output=True, text=True, timeout=120)
    if result.returncode != 0:
        sys.exit(f"tshark failed: {result.stderr}")
    return result.stdout.splitlines()


def read(capture):
    """(frame, severity, message) of each frame, and the number of SMTP commands."""
    rows, commands = [], 0
    for line in tshark(capture, "-T", "fields", "-e", "frame.number", "-e", "_ws.expert.severity",
                       "-e", "_ws.expert.message", "-e", "_ws.malformed", "-e", "smtp.req.command"):
        number, severities, message, malformed, verbs = (line.split("\t") + [""] * 5)[:5]
        commands += len(verbs.split(",")) if verbs else 0
        worst = max((int(one) for one in severities.split(",") if one), default=0)
        if malformed:
            worst = ERROR
        rows.append((int(number), worst, message or malformed))
    return rows, commands


def check(name, seed, lossy, folder):
    capture = pathlib.Path(folder, "run.pcap")
    report = json.loads(subprocess.run([PROGRAM, "run", name, "--seed", str(seed), "--pcap", capture, "--json", "--exchanges"],
                                       capture_output=True, check=True).stdout)
    frames, theirs = read(capture)
    assert len(frames) == report["source"]["frames"], (name, len(frames))
    limit = ERROR if lossy else WARNING
    # Where somebody pulls the plug, Wireshark warns of the reset, and rightly.
    resets = any(one["closing"] == "rst" for one in report["connections"])
    bad = [row for row in frames if row[1] >= limit and not (resets and row[2] == RESET)]
    assert not bad, f"{name} seed {seed}: {bad[:5]}"
    ours = sum(one["commands"] for one in report["connections"] if one["protocol"] == "smtp")
    # Wireshark knows no TURN, and does not count lines without a verb as commands.
    odd = any(one["verb"] in ("TURN", "?", "") and one["command"] for one in report["exchanges"])
    if not lossy:
        assert theirs == ours or (odd and theirs < ours), (name, theirs, ours)
    return len(frames)


lossy = SCENARIO == "lossy-line"
with tempfile.TemporaryDirectory() as scratch:
    total = sum(check(SCENARIO, seed, lossy, scratch) for seed in (range(1, 11) if lossy else (1, 2)))
print(f"tshark found no fault in {total} frames")
if total == 0 and SCENARIO != "same-host":  # nothing crosses a wire there
    sys.exit("no frame was looked at")
