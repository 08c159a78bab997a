#!/usr/bin/env python3
"""Guests who say anything: random dialogues of SMTP and POP3, mutated, in random chunks, over real sockets. The server
neither falls nor hangs, takes a proper mail at any time, keeps its memory, and what it recorded is what it did.

    serve_fuzz_test.py PROGRAM [sanitized]

MAILSCOPE_FUZZ_SECONDS (20) says how long, MAILSCOPE_FUZZ_SEED (5321) which dialogues."""
import collections
import contextlib
import hashlib
import os
import pathlib
import random
import re
import select
import socket
import struct
import sys
import tempfile
import time

import serving
from serving import Raw, Served, as_sent, mailbox, report_of

PROGRAM = sys.argv[1]
SANITIZED = "sanitized" in sys.argv[2:]
SECONDS = float(os.environ.get("MAILSCOPE_FUZZ_SECONDS", "20"))
SEED = int(os.environ.get("MAILSCOPE_FUZZ_SEED", "5321"))
serving.PATIENCE = 60 + SECONDS  # a long record takes its time to be saved
MEMORY_KIB = 2_000_000 if SANITIZED else 400_000
GUESTS_BETWEEN_PROPER_ONES = 200
BOBS = {"bob@beta.example", "postmaster"}  # whose mail comes into his mailbox

HELLO = [b"EHLO guest.example\r\n"] * 4 + [b"HELO guest.example\r\n", b"EHLO [127.0.0.1]\r\n"]
SENDERS = [b"MAIL FROM:<guest@alpha.example>\r\n", b"MAIL FROM:<>\r\n", b"mail from:<g@alpha.example> BODY=8BITMIME\r\n",
           b"MAIL FROM:<g@alpha.example> SIZE=100\r\n", b"MAIL FROM:<g@alpha.example> RET=HDRS ENVID=x\r\n"]
RECIPIENTS = [b"RCPT TO:<bob@beta.example>\r\n"] * 4 + [b"RCPT TO:<carol@beta.example>\r\n", b"RCPT TO:<x@beta.example>\r\n",
              b"RCPT TO:<bob@nowhere.example>\r\n", b"RCPT TO:<Postmaster>\r\n", b"RCPT TO:<" + b"a" * 200 + b"@beta.example>\r\n"]
ODD = [b"RSET\r\n", b"NOOP\r\n", b"VRFY bob\r\n", b"EXPN staff\r\n", b"HELP\r\n", b"DATA\r\n", b"DATA\r\n.\r\n", b"AUTH PLAIN\r\n*\r\n",
       b"AUTH PLAIN AGJvYgBib2I=\r\n", b"STARTTLS\r\n", b"BDAT 10\r\n0123456789", b"BDAT 99999999999999999999\r\n", b"TURN\r\n",
       b"\r\n", b"\x16\x03\x01\x02\x00\x01", b"NOOP\n", b"XYZZY\r\n", b"ETRN beta.example\r\n", b"QUIT\r\n", b"MAIL\r\n", b"\0\r\n"]
READERS = [b"USER carol\r\nPASS carol\r\n"] * 4 + [b"USER carol\r\nPASS wrong\r\n", b"APOP carol 0123456789abcdef0123456789abcdef\r\n"]
QUESTIONS = [b"STAT\r\n", b"LIST\r\n", b"LIST 1\r\n", b"UIDL\r\n", b"UIDL 99\r\n", b"RETR 1\r\n", b"RETR 0\r\n", b"TOP 1 0\r\n", b"TOP 1 5\r\n",
             b"DELE 1\r\n", b"RSET\r\n", b"NOOP\r\n", b"CAPA\r\n", b"AUTH\r\n", b"STLS\r\n", b"RETR 99999999999\r\n", b"QUIT\r\n"]
SPLICES = [b"\r\n", b"\n", b"\r", b"\0", b".", b"\r\n.\r\n", b"\xff", b"<", b">", b" ", b"\r\n..", b"A" * 600]


def content(source, number):
    lines = [b"Subject: fuzz %d.%d" % (SEED, number), b""]
    for _ in range(source.randrange(6)):
        lines.append(source.choice([b".", b"..", b".x", b"QUIT", b"", b"MAIL FROM:<a@b>", b"text", b"y" * source.randrange(1200)])
                     .replace(b".", b"..", 1))
    return b"\r\n".join(lines) + b"\r\n.\r\n"


def smtp_dialogue(source, number):
    steps = [source.choice(HELLO)]
    for turn in range(source.randrange(1, 4)):
        steps.append(source.choice(SENDERS))
        if source.random() < 0.3:
            steps.append(source.choice(ODD))
        steps += source.choices(RECIPIENTS, k=source.randrange(1, 4))
        if source.random() < 0.3:
            steps.append(source.choice(ODD))
        body = content(source, 10 * number + turn)
        if source.random() < 0.2:
            body = body[:-3]
            steps.append(b"BDAT %d LAST\r\n" % len(body) + body)
        else:
            steps += [b"DATA\r\n", body]
    return steps + [b"QUIT\r\n"]


def pop3_dialogue(source, _):
    return [source.choice(READERS), *source.choices(QUESTIONS, k=source.randrange(1, 12)), b"QUIT\r\n"]


def mutated(source, steps):
    steps = list(steps)
    for _ in range(source.choice([0, 0, 1, 1, 2, 5])):
        at = source.randrange(len(steps))
        step = steps[at]
        where = source.randrange(len(step) + 1)
        kind = source.randrange(6)
        if kind == 0:
            steps[at] = step[:where] + source.choice(SPLICES) + step[where:]
        elif kind == 1:
            steps[at] = step[:where] + step[where + source.randrange(1, 4):]
        elif kind == 2:
            steps[at] = step[:where] + bytes([source.randrange(256)]) + step[where + 1:]
        elif kind == 3:
            steps.insert(source.randrange(len(steps) + 1), step)
        elif kind == 4 and len(steps) > 1:
            del steps[at]
        else:
            other = source.randrange(len(steps))
            steps[at], steps[other] = steps[other], steps[at]
    return [step for step in steps if step] or [b"\r\n"]


class Guest:
    """One connection; what is said and when does not depend on the machine, but for how long answers take."""

    def __init__(self, port):
        self.socket = socket.create_connection(("127.0.0.1", port), 20)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.heard = self.wait(2)  # the server speaks first

    def wait(self, seconds):
        """What comes within so long, up to the first silence behind it."""
        heard = b""
        while select.select([self.socket], [], [], 0 if heard else seconds)[0]:
            octets = self.socket.recv(65536)
            if not octets:
                break
            heard += octets
        return heard

    def say(self, source, steps):
        """Step by step, or all at once, cut anywhere."""
        patient = source.random() < 0.5
        said = steps if patient else [b"".join(steps)]
        for step in said:
            while step:
                length = source.choice([1, 2, 7, 50, 1 << 16])
                self.socket.sendall(step[:length])
                step = step[length:]
            if patient:
                self.wait(0.3)

    def leave(self, source):
        kind = source.randrange(4)
        if kind == 0:  # a reset
            self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        elif kind < 3:
            self.socket.shutdown(socket.SHUT_WR)
            self.wait(0.5)
        self.socket.close()


def proper_mail(served, number):
    with Raw(served.port()) as guest:
        guest.ask("EHLO guest.example", "250")
        guest.ask("MAIL FROM:<guest@alpha.example>", "250")
        guest.ask("RCPT TO:<bob@beta.example>", "250")
        guest.ask("DATA", "354")
        guest.ask(f"Subject: proper {number}\r\n\r\nhello\r\n.", "250")
        guest.ask("QUIT", "221")


def resident_kib(served):
    status = pathlib.Path("/proc", str(served.process.pid), "status").read_text()
    return next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmRSS"))


def fuzz(served):
    """Returns how many guests there were, of each protocol, and from which port which came."""
    counts, ports = collections.Counter(), {}
    began = time.monotonic()
    number = 0
    while time.monotonic() - began < SECONDS:
        source = random.Random(SEED * 1_000_003 + number)
        protocol = source.choice(["smtp", "smtp", "submission", "pop3"])
        dialogue = pop3_dialogue if protocol == "pop3" else smtp_dialogue
        steps = mutated(source, dialogue(source, number))
        guest = Guest(served.port(protocol))
        ports[number] = guest.socket.getsockname()[1]
        with contextlib.suppress(ConnectionError):
            guest.say(source, steps)
        with contextlib.suppress(OSError):
            guest.leave(source)
        counts[protocol] += 1
        number += 1
        assert served.process.poll() is None, f"guest {number - 1} of seed {SEED} ended the program: {steps}"
        if number % GUESTS_BETWEEN_PROPER_ONES == 0:
            proper_mail(served, number)
            assert resident_kib(served) < MEMORY_KIB, f"{resident_kib(served)} KiB after {number} guests"
    return counts, ports


ADDED = re.compile(rb"\A(?:Date: [^\r]*\r\n)?(?:Message-ID: <[^\r]*@mail\.beta\.example>\r\n)?")


def digest(octets):
    return hashlib.sha256(octets).hexdigest()


def digests_of(stored):
    """Of a stored message as it was sent. POP3 ends every line, also a last one that BDAT left open; at the
    submission port Date and Message-ID are put in front where they are missing (RFC 6409 8.2, 8.3)."""
    sent = as_sent(stored)
    bare = ADDED.sub(b"", sent, count=1)
    return {digest(one) for sent in (sent, bare) for one in (sent, sent.removesuffix(b"\r\n"))}


def unclear_connections(report):
    """Those of which nobody can know from the wire what is command and what is content: reset ones (a close with
    answers unread does that, too), perhaps before it was seen how DATA was answered; and those with a bare LF, which
    ends a line for one reader and not for another. Their ids, with the client's ports."""
    with_bare_lf = {finding["connection"] for finding in report["findings"] if finding["code"] == "smtp.bare-lf"}
    return {connection["id"]: connection["client"]["port"] for connection in report["connections"]
            if connection["closing"] == "rst" or connection["id"] in with_bare_lf}


def is_unclear(stored, ports, unclear):
    """A message whose number the mutations broke may be anybody's."""
    number = re.search(rb"fuzz %d\.(\d+)\d\r\n" % SEED, stored)
    return number is None or ports.get(int(number[1])) in unclear


def check_record(report, stored, ports):
    """What was delivered stands in the record whole, and what it says was answered with 250 was delivered."""
    contents, accepted = set(), set()
    unclear = unclear_connections(report)
    unclear_ports = set(unclear.values())
    for message in report["messages"]:
        if message["protocol"] != "smtp" or not message["complete"]:
            continue
        contents.add(message["sha256"])
        recipients = {recipient.lower() for recipient in message["envelope"]["to"]}
        if message.get("fate") == "accepted" and recipients & BOBS and message["connection"] not in unclear:
            accepted.add(message["sha256"])
    delivered = [digests_of(one) for one in stored]
    lacking = [octets for octets, digests in zip(stored, delivered)
               if not digests & contents and not is_unclear(octets, ports, unclear_ports)]
    assert not lacking, f"{len(lacking)} of {len(stored)} were delivered and the record lacks them: {lacking[0]}"
    lost = accepted - set().union(*delivered)
    told = [message for message in report["messages"] if message["sha256"] in lost]
    assert not lost, f"{len(lost)} of {len(accepted)} were answered with 250 and not delivered: {told[0]}"
    # One 250 to the final dot or to BDAT LAST for each message that went on.
    return granted_contents(report)


def granted_contents(report):
    count = 0
    for exchange in report["exchanges"]:
        codes = [reply["code"] for reply in exchange["replies"]]
        by_chunks = exchange["verb"] == "BDAT" and "LAST" in exchange["command"].upper()
        if codes and codes[-1] == 250 and (by_chunks or (exchange["verb"] == "DATA" and 354 in codes)):
            count += 1
    return count


def main():
    with tempfile.TemporaryDirectory() as work:
        capture = pathlib.Path(work, "fuzz.pcapng")
        with Served(PROGRAM, "--pcap", str(capture)) as served:
            counts, ports = fuzz(served)
            print(f"{sum(counts.values())} guests: {dict(counts)}, seed {SEED}", flush=True)
            proper_mail(served, "the last")
            patience = time.monotonic() + serving.PATIENCE
            stored = mailbox(served, "bob")
            while not any(b"proper the last" in one for one in stored):
                assert time.monotonic() < patience, "the last mail never came"
                time.sleep(0.2)
                stored = mailbox(served, "bob")
            memory = resident_kib(served)
        granted = check_record(report_of(capture, PROGRAM), stored, ports)
        print(f"{len(stored)} messages in bob's mailbox, {granted} granted in the record, {memory // 1024} MiB; no harm")


main()
