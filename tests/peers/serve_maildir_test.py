#!/usr/bin/env python3
"""Mail that `serve --maildir` takes lies in Maildirs that other programs read and change, and outlives the program,
also where it is killed: what was answered with 250 is there, and keeps its unique id."""
import mailbox
import pathlib
import poplib
import random
import signal
import subprocess
import sys
import tempfile
import threading
import time

from serving import ALPHA, BETA, PATIENCE, Raw, Served, eventually

PROGRAM = sys.argv[1]
KILLS = 12


def send(port, subject, to="bob@beta.example"):
    with Raw(port) as guest:
        guest.ask("EHLO guest.example", "250")
        guest.ask("MAIL FROM:<x@alpha.example>", "250")
        guest.ask(f"RCPT TO:<{to}>", "250")
        guest.ask("DATA", "354")
        guest.ask(f"Subject: {subject}\r\n\r\nhello\r\n..dot\r\n.", "250")


def fetched(served):
    """By unique id: the subject."""
    session = poplib.POP3("127.0.0.1", served.port("pop3"), timeout=PATIENCE)
    session.user("bob")
    session.pass_("bob")
    found = {}
    for line in session.uidl()[1]:
        number, uid = line.decode("ascii").split(" ", 1)
        lines = session.retr(int(number))[1]
        found[uid] = next(line[9:].decode() for line in lines if line.startswith(b"Subject: "))
    session.quit()
    return found


def subjects(directory):
    return sorted(message["Subject"] for message in mailbox.Maildir(directory, create=False))


def read_by_others(directory, bob):
    with Served(PROGRAM, "--maildir", directory) as served:
        for subject in ("first", "second"):
            send(served.port(), subject)
        eventually("two messages", lambda: len(fetched(served)) == 2)
        kept = fetched(served)
        assert sorted(kept.values()) == ["first", "second"], kept
        text = next(pathlib.Path(bob, "new").iterdir()).read_bytes()
        assert b"\r" not in text and text.endswith(b"\nhello\n.dot\n"), text
        others = mailbox.Maildir(bob, create=False)
        assert subjects(bob) == ["first", "second"]
        key = next(key for key, message in others.items() if message["Subject"] == "first")
        message = others[key]
        message.set_subdir("cur")
        message.set_flags("FS")
        others[key] = message                      # another program moves it to cur
        others.add(b"From: x\nSubject: from outside\n\nhello\n")
        now = fetched(served)
        assert sorted(now.values()) == ["first", "from outside", "second"], now
        assert kept.items() <= now.items(), (kept, now)
    with Served(PROGRAM, "--maildir", directory) as served:
        assert fetched(served) == now, "unique ids last"
        # The same folder is one program's at a time.
        refused = subprocess.run([PROGRAM, "serve", "maa", "--maildir", directory, "--smtp", "0", "--pop3", "0",
                                  "--submission", "0"], capture_output=True, text=True, timeout=PATIENCE)
        assert refused.returncode == 2 and "another program has it locked" in refused.stderr, refused
    return now


def killed(directory, before):
    """A guest sends without end, also by way of the other server; the program is killed and started again."""
    answered, everything = list(before.values()), dict(before)
    number = 0
    for turn in range(KILLS):
        served = Served(PROGRAM, "--maildir", directory)
        stop = threading.Event()

        def guest():
            nonlocal number
            while not stop.is_set():
                number += 1
                try:
                    send(served.port("smtp", random.choice([ALPHA, BETA])), f"number {number}")
                    answered.append(f"number {number}")
                except (OSError, AssertionError):
                    return

        thread = threading.Thread(target=guest)
        thread.start()
        time.sleep(random.uniform(0.02, 0.4))
        served.process.send_signal(signal.SIGKILL)
        served.process.wait(PATIENCE)
        stop.set()
        thread.join(PATIENCE)
    with Served(PROGRAM, "--maildir", directory) as served:
        eventually("all that was answered", lambda: set(answered) <= set(fetched(served).values()))
        now = fetched(served)
    assert before.items() <= now.items(), "unique ids last"
    assert len(answered) > KILLS, answered
    invented = set(now.values()) - set(answered)
    assert all(subject.startswith("number ") for subject in invented), invented
    print(f"{KILLS} kills, {len(answered)} messages answered, {len(now) - len(set(now.values()))} twice, none lost")


with tempfile.TemporaryDirectory() as directory:
    killed(directory, read_by_others(directory, f"{directory}/bob"))
refused = subprocess.run([PROGRAM, "serve", "maa", "--maildir", "/dev/null/mail", "--smtp", "0", "--pop3", "0"],
                         capture_output=True, text=True, timeout=PATIENCE)
assert refused.returncode == 2 and "/dev/null/mail: Not a directory" in refused.stderr, refused
