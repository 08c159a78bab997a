#!/usr/bin/env python3
"""Guests that do wrong: nothing ends a message but CRLF . CRLF; random octets, endless lines, slow drips, broken
connections and greedy readers do no harm; the limits hold."""
import contextlib
import poplib
import random
import socket
import struct
import sys
import time

from serving import Raw, Served, eventually, mailbox, peak_kib, poll_count, resident_kib, wait_for_mail

PROGRAM = sys.argv[1]
SANITIZED = "sanitized" in sys.argv[2:]  # then memory is the sanitizer's
NOT_THE_END = [b"\n.\n", b"\r.\r", b"\r\n.\n", b"\n.\r\n", b"\r.\r\n", b"\r\n.\r", b"\n.\r", b"\r\r\n.\r\r\n",
               b"\r\n\0.\r\n", b"\r\n.\0\r\n"]


def open_message(guest, recipient="bob@beta.example"):
    guest.ask("EHLO guest.example", "250")
    guest.ask("MAIL FROM:<x@alpha.example>", "250")
    guest.ask(f"RCPT TO:<{recipient}>", "250")
    guest.ask("DATA", "354")


def deliver(served, subject):
    with Raw(served.port()) as guest:
        open_message(guest)
        guest.ask(f"Subject: {subject}\r\n\r\nhello\r\n.", "250")
        guest.ask("QUIT", "221")


def wrong_ends(served):
    for form in NOT_THE_END:
        with Raw(served.port()) as guest:
            open_message(guest)
            guest.send(b"Subject: smuggled\r\n\r\nbefore" + form)
            assert guest.silent(0.1), form
            guest.send(b"MAIL FROM:<smuggler@alpha.example>\r\nRCPT TO:<carol@beta.example>\r\nDATA\r\nboo" + form)
            assert guest.silent(0.1), form
            guest.send(b"\r\n.\r\n")
            answer = guest.reply()
            assert answer[:3] in ("250", "554"), (form, answer)
            guest.ask("NOOP", "250")  # one answer, and the session goes on
    assert poll_count(served, "carol") == 0


def random_octets(served):
    source = random.Random(5321)
    for turn in range(60):
        protocol = ("smtp", "pop3", "submission")[turn % 3]
        with Raw(served.port(protocol), greeting="") as guest, contextlib.suppress(OSError):
            for _ in range(source.randrange(1, 6)):
                octets = source.randbytes(source.randrange(1, 20_000))
                if turn % 2:
                    octets = octets.replace(b"\x80", b"\r\n")
                guest.send(octets)


def endless_line(served):
    for protocol in "smtp", "pop3":
        with Raw(served.port(protocol), greeting="") as guest, contextlib.suppress(OSError):
            for _ in range(300):
                guest.send(b"A" * 10_000)
    with Raw(served.port()) as guest, contextlib.suppress(OSError):
        open_message(guest)
        for _ in range(300):
            guest.send(b"B" * 10_000)  # a text line without an end


def broken_connections(served):
    for turn in range(100):
        guest = Raw(served.port(), greeting="220" if turn % 3 else "")
        if turn % 3 == 1:
            open_message(guest)
            guest.send("Subject: never ends\r\n\r\nhalf")
        if turn % 2:  # a reset, not a FIN
            guest.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        guest.close()


def slow_drip(served):
    with Raw(served.port()) as slow:
        for octet in b"EHLO slow.example\r\n":
            slow.send(bytes([octet]))
            time.sleep(0.01)
            if octet in b"E.":
                deliver(served, "meanwhile")
        assert slow.reply().startswith("250")


def half_closed(served):
    """Who has said everything and sent FIN still gets every answer."""
    with Raw(served.port()) as guest:
        guest.send("EHLO a.example\r\nMAIL FROM:<>\r\nRCPT TO:<carol@beta.example>\r\nNOOP\r\nNOPE\r\n")
        guest.socket.shutdown(socket.SHUT_WR)
        answers = [guest.reply()[:3] for _ in range(5)]
        assert answers == ["250", "250", "250", "250", "500"], answers


def number_of_large(served):
    session = poplib.POP3("127.0.0.1", served.port("pop3"))
    session.user("bob")
    session.pass_("bob")
    sizes = [line.split() for line in session.list()[1]]
    session.quit()
    return next((int(number) for number, octets in sizes if int(octets) > 900_000), None)


def greedy_reader(served):
    """A hundred octets of RETR ask for megabytes; a guest who doesn't read them is made to wait."""
    with Raw(served.port()) as guest:
        open_message(guest)
        guest.send(b"Subject: large\r\n\r\n" + (b"x" * 70 + b"\r\n") * 14_000 + b".\r\n")
        assert guest.reply().startswith("250")
    number = eventually("the large message", lambda: number_of_large(served))
    before = peak_kib(served)
    with Raw(served.port("pop3"), greeting="+OK") as guest:
        guest.ask("USER bob", "+OK")
        guest.ask("PASS bob", "+OK")
        guest.send(f"RETR {number}\r\n" * 1000)  # a gigabyte
        time.sleep(0.5)
        deliver(served, "meanwhile")
        assert SANITIZED or peak_kib(served) - before < 60_000, (before, peak_kib(served))
        got = sum(len(guest.socket.recv(1 << 16)) for _ in range(50))
        assert got > 0


def limits():
    with Served(PROGRAM, "--connections", "3", "--idle", "1", "--message-size", "10000") as served:
        guests = [Raw(served.port()) for _ in range(3)]
        with Raw(served.port(), greeting="421") as turned_away:
            assert turned_away.reply() == ""
        guests.pop().close()
        eventually("room for one more", lambda: welcome(served))
        # Silence is ended; who speaks is kept.
        kept = time.monotonic() + 3
        while time.monotonic() < kept:
            guests[0].ask("NOOP", "250")
            time.sleep(0.2)
        assert guests[1].reply().startswith("421"), "an idle session is told"
        assert guests[1].reply() == ""
        guests[1].close()
        with Raw(served.port("pop3"), greeting="+OK") as reader:
            assert reader.reply() == ""  # RFC 1939 3: closed without a word
        eventually("room for one more", lambda: welcome(served))
        with Raw(served.port()) as guest:
            guest.ask("EHLO guest.example", "250")
            guest.ask("MAIL FROM:<> SIZE=20000", "552")
            guest.ask("MAIL FROM:<>", "250")
            guest.ask("RCPT TO:<bob@beta.example>", "250")
            guest.ask("DATA", "354")
            guest.send((b"y" * 70 + b"\r\n") * 300 + b".\r\n")
            assert guest.reply().startswith("552")
        guests[0].close()
        deliver(served, "small")
        assert len(wait_for_mail(served, "bob")) == 1
        assert served.stop() == 0 and "; turned " in served.rest, served.rest


def welcome(served):
    with Raw(served.port(), greeting="") as guest:
        return guest.reply().startswith("220")


def full_record():
    with Served(PROGRAM, "--record-size", "1", "--exchanges") as served:
        for turn in range(12):
            with Raw(served.port()) as guest:
                open_message(guest)
                guest.send(b"Subject: %d\r\n\r\n" % turn + (b"z" * 70 + b"\r\n") * 4000 + b".\r\n")
                assert guest.reply().startswith("250")
        assert len(wait_for_mail(served, "bob", 12)) == 12
        before = resident_kib(served)
        with Raw(served.port()) as guest:
            for _ in range(20_000):
                guest.ask("NOOP", "250")
        for _ in range(300):
            Raw(served.port()).close()
        assert SANITIZED or resident_kib(served) - before < 3000, "the record grows no more"
        assert served.stop() == 0
        assert served.errors == "mailscope: the record is full: guests are served and no longer recorded\n", served.errors
        assert "did not record" in served.rest, served.rest


def main():
    with Served(PROGRAM) as served:
        for attack in wrong_ends, random_octets, endless_line, broken_connections, half_closed, slow_drip, greedy_reader:
            attack(served)
            assert served.process.poll() is None, f"{attack.__name__} ended the program"
            deliver(served, attack.__name__)
            print(f"{attack.__name__}: no harm")
        eventually("the last mail", lambda: any(b"greedy_reader" in one for one in mailbox(served, "bob")))
    limits()
    full_record()
    print("the limits hold")


main()
