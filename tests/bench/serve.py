#!/usr/bin/env python3
"""Messages a second over loopback: `mailscope serve`, its record on, against Postfix's smtp-sink, under the same
smtp-source in the same run. Prints the ratio of each round and the median.

    serve.py build/release/bin/mailscope [FOLDER-FOR-POSTFIX]
"""
import pathlib
import socket
import statistics
import subprocess
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "peers"))
sys.dont_write_bytecode = True
from serving import Served, eventually, free_port, postfix, sink_user

MAILS, SESSIONS, OCTETS, ROUNDS = 20_000, 20, 1024, 5


def rate(source, environment, port):
    began = time.monotonic()
    subprocess.run([source, "-d", "-s", str(SESSIONS), "-m", str(MAILS), "-l", str(OCTETS), "-f", "x@alpha.example", "-t",
                    "bob@beta.example", f"127.0.0.1:{port}"], check=True, timeout=300, env=environment)
    return MAILS / (time.monotonic() - began)


def main():
    program = sys.argv[1]
    cache = sys.argv[2] if len(sys.argv) > 2 else pathlib.Path(program).resolve().parent.parent / "postfix"
    source, sink, environment = postfix(cache)
    port = free_port()
    peer = subprocess.Popen([sink, *sink_user(), f"127.0.0.1:{port}", "100"], env=environment)
    ratios = []
    try:
        eventually("smtp-sink", lambda: socket.socket().connect_ex(("127.0.0.1", port)) == 0)
        for number in range(1, ROUNDS + 1):
            with Served(program) as served:
                ours = rate(source, environment, served.port())
            theirs = rate(source, environment, port)
            ratios.append(ours / theirs)
            print(f"round {number}: mailscope {ours:,.0f} messages a second, smtp-sink {theirs:,.0f}: {ratios[-1]:.2f}")
    finally:
        peer.terminate()
        peer.wait(20)
    print(f"median ratio {statistics.median(ratios):.2f}")


main()
