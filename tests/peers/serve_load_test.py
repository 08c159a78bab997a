#!/usr/bin/env python3
"""Postfix's smtp-source hands in 20,000 mails over 20 sessions: none is lost, none comes twice, and each is whole."""
import subprocess
import sys
import time

from serving import Served, eventually, poll_count, postfix

PROGRAM, CACHE = sys.argv[1:3]
MAILS, SESSIONS, OCTETS = 20_000, 20, 1024


def main():
    source, _, environment = postfix(CACHE)
    with Served(PROGRAM) as served:
        began = time.monotonic()
        subprocess.run([source, "-d", "-s", str(SESSIONS), "-m", str(MAILS), "-l", str(OCTETS), "-f", "x@alpha.example",
                        "-t", "bob@beta.example", f"127.0.0.1:{served.port()}"], check=True, timeout=100, env=environment)
        seconds = time.monotonic() - began
        eventually("every mail in the mailbox", lambda: poll_count(served, "bob") >= MAILS)
        assert poll_count(served, "bob") == MAILS
        assert served.stop() == 0
        assert f"took {MAILS} messages" in served.rest, served.rest
    print(f"{MAILS} mails, none lost; {MAILS / seconds:.0f} a second")


main()
