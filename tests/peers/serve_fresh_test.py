#!/usr/bin/env python3
"""What one start of `serve` has said, no later start says again: unique ids (RFC 1939 7), the challenges of CRAM-MD5
and the nonces of SCRAM (RFC 2195 2, RFC 5802 5.1). A mail reader that leaves mail on the server gets the new mail."""
import base64
import poplib
import re
import sys

from serving import PATIENCE, Raw, Served, eventually, poll_count

PROGRAM = sys.argv[1]
STARTS = 3


def send(served, subject):
    with Raw(served.port()) as guest:
        guest.ask("EHLO guest.example", "250")
        guest.ask("MAIL FROM:<x@alpha.example>", "250")
        guest.ask("RCPT TO:<bob@beta.example>", "250")
        guest.ask("DATA", "354")
        guest.ask(f"Subject: {subject}\r\n\r\nhello\r\n.", "250")


class KeepingReader:
    """Fetches what it has not seen, by unique id, and deletes nothing: as getmail and mpop do in keep mode."""

    def __init__(self):
        self.seen = set()

    def fetch(self, served):
        session = poplib.POP3("127.0.0.1", served.port("pop3"), timeout=PATIENCE)
        session.user("bob")
        session.pass_("bob")
        subjects = []
        for line in session.uidl()[1]:
            number, uid = line.decode("ascii").split(" ", 1)
            assert re.fullmatch(r"[!-~]{1,70}", uid), uid
            if uid not in self.seen:
                self.seen.add(uid)
                subjects += [one[9:].decode() for one in session.retr(int(number))[1] if one.startswith(b"Subject: ")]
        session.quit()
        return subjects


def challenges(served):
    """What the submission server says that nobody may foresee."""
    said = []
    for _ in range(2):
        with Raw(served.port("submission")) as guest:
            guest.ask("EHLO guest.example", "250")
            said.append(guest.ask("AUTH CRAM-MD5", "334 ").split()[1])
            guest.ask("*", "501")
            first = base64.b64encode(b"n,,n=bob,r=fyko+d2lbbFgONRv9qkxdawL").decode()
            answer = base64.b64decode(guest.ask(f"AUTH SCRAM-SHA-256 {first}", "334 ").split()[1]).decode()
            said.append(re.match(r"r=fyko\+d2lbbFgONRv9qkxdawL([!-+\--~]+),", answer).group(1))
            guest.ask("*", "501")
    return said


def words(challenge):
    """A challenge without its time and host, which may well be the same."""
    with_host = re.match(rb"<([^.]+)\.", base64.b64decode(challenge + "=" * (-len(challenge) % 4)))
    return with_host.group(1).decode() if with_host else challenge


def main():
    reader, heard = KeepingReader(), []
    for start in range(STARTS):
        with Served(PROGRAM) as served:
            for turn in range(2):
                send(served, f"mail {start}.{turn}")
                eventually("the mail", lambda: poll_count(served, "bob") == turn + 1)
                assert reader.fetch(served) == [f"mail {start}.{turn}"], (start, turn)
            heard += map(words, challenges(served))
    assert len(set(heard)) == len(heard) == 4 * STARTS, heard
    assert len(reader.seen) == 2 * STARTS
    print(f"{STARTS} starts, and nothing was said twice")


main()
