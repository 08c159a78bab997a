#!/usr/bin/env python3
"""The memory of `serve` has bounds: without a record it stays as it is, however much is said; with one it takes
--record-size and no more, says once that the record is full, and goes on serving. What is recorded fits together."""
import json
import re
import sys
import threading

from serving import Raw, Served, eventually, peak_kib, poll_count, resident_kib

PROGRAM = sys.argv[1]
RECORD_MIB = 16
FULL = "mailscope: the record is full: guests are served and no longer recorded\n"
MIB = 1024  # KiB
NOOPS = b"NOOP\r\n" * 10_000


def pipelined(port, turns, octets=NOOPS, answers=10_000):
    """Says the same again and again and counts the answers."""
    with Raw(port) as guest:
        guest.ask("EHLO guest.example", "250")
        for _ in range(turns):
            sender = threading.Thread(target=guest.send, args=[octets])
            sender.start()
            for _ in range(answers):
                assert guest.file.readline()
            sender.join()


def one_by_one(port, times):
    with Raw(port) as guest:
        for _ in range(times):
            guest.ask("NOOP", "250")


def deliver(served, times, octets=1000):
    with Raw(served.port()) as guest:
        guest.ask("EHLO guest.example", "250")
        for _ in range(times):
            guest.ask("MAIL FROM:<x@alpha.example>", "250")
            guest.ask("RCPT TO:<bob@beta.example>", "250")
            guest.ask("DATA", "354")
            guest.send(b"Subject: one\r\n\r\n" + (b"x" * 70 + b"\r\n") * (octets // 72) + b".\r\n")
            assert guest.reply().startswith("250")


def visit(port, times):
    for _ in range(times):
        with Raw(port) as guest:
            guest.ask("QUIT", "221")


def without_a_record():
    with Served(PROGRAM) as served:
        deliver(served, 1)
        one_by_one(served.port(), 1000)
        before = resident_kib(served)
        pipelined(served.port(), 60)
        one_by_one(served.port(), 10_000)
        visit(served.port(), 1000)
        grown = resident_kib(served) - before
        assert grown < 3 * MIB, f"{grown} KiB for nothing"
    print(f"without a record: {grown} KiB more")


# Each asks much of another part of the record: PDUs; frames and inside events; connections; mails, which take memory
# of their own in the mailbox.
def with_a_record(what, fill, mails=0, mailbox_mib=0):
    with Served(PROGRAM, "--json", "--exchanges", "--record-size", str(RECORD_MIB)) as served:
        begin = resident_kib(served)
        fill(served)
        peak = peak_kib(served) - begin  # while it grew, arrays were copied
        full = resident_kib(served) - begin
        room = RECORD_MIB * MIB
        assert full < room * 1.5 + mailbox_mib * MIB and peak < room * 2 + mailbox_mib * MIB, (what, full, peak)
        eventually("all is filed", lambda: poll_count(served, "bob") == mails)
        before = resident_kib(served)
        pipelined(served.port(), 20)
        one_by_one(served.port(), 3000)
        visit(served.port(), 100)
        grown = resident_kib(served) - before
        assert grown < 2 * MIB, f"{what}: {grown} KiB after the record was full"
        deliver(served, 1)
        eventually("served on", lambda: poll_count(served, "bob") == mails + 1)
        assert served.stop() == 0
    assert served.errors == FULL, served.errors
    check_report(json.loads(served.rest), what)
    print(f"{what}: {full} KiB, at most {peak} KiB, then {grown} KiB more")


def check_report(report, what):
    source = report["source"]
    assert source["record_full"] is True, source
    until = float(source["recorded_until_s"])
    said = [one["text"] for one in report["findings"] if one["code"] == "record.full"]
    assert len(said) == 1 and int(re.search(r"among it (\d+) new connections$", said[0]).group(1)) >= 101, said
    # All of it is of before, and every part names parts that are there.
    assert all(one["opened_s"] <= until for one in report["connections"])
    assert all(one["at_s"] <= until for one in report["exchanges"])
    count = len(report["connections"])
    assert count > 0 and all(one["connection"] < count for one in report["exchanges"] + report["messages"])
    # A reply that is not there is the last thing that is not there.
    silent = [one["connection"] for one in report["exchanges"] if not one["replies"]]
    still_open = {one["id"] for one in report["connections"] if one["closing"] == "open"}
    assert set(silent) <= still_open, (what, silent[:5])


def main():
    without_a_record()
    with_a_record("pipelined commands", lambda served: pipelined(served.port(), 60))
    with_a_record("commands one by one", lambda served: one_by_one(served.port(), 40_000))
    with_a_record("connections", lambda served: visit(served.port(), 8000))
    with_a_record("mails", lambda served: deliver(served, 6000), 6000, mailbox_mib=10)


main()
