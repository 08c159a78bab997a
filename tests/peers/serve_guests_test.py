#!/usr/bin/env python3
"""Real mail programs as guests: each hands in a message for two people, by SMTP and by submission with log-in;
it is fetched by POP3 and must be the same octets, but for the trace lines in front."""
import email
import email.policy
import hashlib
import json
import pathlib
import shutil
import smtplib
import subprocess
import sys
import tempfile

from serving import ALPHA, BETA, PATIENCE, Served, as_sent, mailbox, skip, wait_for_mail

PROGRAM = sys.argv[1]
PEOPLE = ["bob@beta.example", "carol@beta.example"]
TEXT = ("Grüße aus dem Büro.\n.\n..\n.hidden behind a dot\nend of the line .\n\n"
        "Žluťoučký kůň\ttab and trailing dot.\n.\nthe end\n")


def message(subject):
    header = (f"From: Alice Adams <alice@alpha.example>\nTo: bob@beta.example, carol@beta.example\n"
              f"Subject: {subject}\nDate: Mon, 02 Mar 2026 10:00:00 +0000\nMessage-ID: <{subject}@alpha.example>\n"
              "MIME-Version: 1.0\nContent-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: 8bit\n\n")
    return (header + TEXT).encode()


class Sender:
    """What a client needs to know: where to, whether to log in, and a folder for its files."""

    def __init__(self, served, submission, folder):
        self.host = ALPHA if submission else BETA
        self.port = served.port("submission" if submission else "smtp", self.host)
        self.user = "alice" if submission else None
        self.folder = pathlib.Path(folder)

    def run(self, *command, octets=b""):
        result = subprocess.run([str(one) for one in command], input=octets, capture_output=True, timeout=PATIENCE,
                                cwd=self.folder, env={"PATH": "/usr/bin:/bin", "HOME": str(self.folder), "LANG": "C.UTF-8",
                                                      "LC_ALL": "C.UTF-8"})
        said = (result.stdout + result.stderr).decode("utf-8", "replace")
        assert result.returncode == 0, f"{command[0]} failed with {result.returncode}: {said}"


def swaks(to, subject):
    data = to.folder / "swaks.eml"
    data.write_bytes(message(subject).removesuffix(b"\n"))  # swaks puts the last line end itself
    log_in = ["--auth", "PLAIN", "--auth-user", to.user, "--auth-password", to.user] if to.user else []
    to.run("swaks", "--server", f"127.0.0.1:{to.port}", "--from", "alice@alpha.example", "--to", ",".join(PEOPLE),
           "--data", f"@{data}", *log_in, "--timeout", PATIENCE)


def msmtp(to, subject):
    log_in = ["--auth=plain", f"--user={to.user}", f"--passwordeval=echo {to.user}"] if to.user else ["--auth=off"]
    to.run("msmtp", "--host=127.0.0.1", f"--port={to.port}", "--tls=off", *log_in, "--from=alice@alpha.example",
           "--", *PEOPLE, octets=message(subject))


def curl(to, subject):
    log_in = ["--user", f"{to.user}:{to.user}"] if to.user else []
    recipients = [word for one in PEOPLE for word in ("--mail-rcpt", one)]
    to.run("curl", "--silent", "--show-error", f"smtp://127.0.0.1:{to.port}/guest.alpha.example", "--mail-from", "alice@alpha.example", *recipients, *log_in,
           "--upload-file", "-", octets=message(subject).replace(b"\n", b"\r\n"))


def smtplib_client(to, subject):
    with smtplib.SMTP("127.0.0.1", to.port, timeout=PATIENCE) as session:
        if to.user:
            session.login(to.user, to.user)
        refused = session.sendmail("alice@alpha.example", PEOPLE, message(subject).replace(b"\n", b"\r\n"),
                                   ["BODY=8BITMIME"])
        assert not refused, refused


def s_nail(to, subject):
    place = f"{to.user}:{to.user}@127.0.0.1" if to.user else "127.0.0.1"
    to.run("s-nail", "-n", "-S", "v15-compat=yes", "-S", f"mta=smtp://{place}:{to.port}",
           "-S", "smtp-auth=" + ("plain" if to.user else "none"), "-S", "DEAD=/dev/null",
           "-S", "ttycharset=utf-8", "-S", "mime-encoding=8b", "-S", "hostname=alpha.example",
           "-S", "expandaddr", "-r", "alice@alpha.example", "-s", subject, *PEOPLE, octets=TEXT.encode())


def mutt(to, subject):
    place = f"{to.user}:{to.user}@127.0.0.1" if to.user else "127.0.0.1"
    settings = [f'set smtp_url="smtp://{place}:{to.port}"', "set ssl_starttls=no", "set ssl_force_tls=no",
                'set from="alice@alpha.example"', "set use_from=yes", "set copy=no", "set allow_8bit=yes",
                "set use_8bitmime=yes", 'set hostname="alpha.example"', 'set smtp_authenticators="plain"']
    commands = [word for one in settings for word in ("-e", one)]
    to.run("mutt", "-n", "-F", "/dev/null", *commands, "-s", subject, "--", *PEOPLE, octets=TEXT.encode())


# Name, how it sends, its program, whether it sends the message as it is given.
CLIENTS = [
    ("swaks", swaks, "swaks", True),
    ("msmtp", msmtp, "msmtp", True),
    ("curl", curl, "curl", True),
    ("smtplib", smtplib_client, None, True),
    ("s-nail", s_nail, "s-nail", False),
    ("mutt", mutt, "mutt", False),
]


def check(name, subject, stored, exact):
    sent = as_sent(stored)
    assert stored.startswith(b"Return-Path: <alice@alpha.example>\r\nReceived: from "), (name, stored[:200])
    if exact:
        wanted = message(subject).replace(b"\n", b"\r\n")
        assert sent == wanted, (name, sent, wanted)
        return
    parsed = email.message_from_bytes(stored, policy=email.policy.default)
    assert parsed["Subject"] == subject, (name, parsed["Subject"])
    body = parsed.get_content().replace("\r\n", "\n")
    assert body == TEXT, (name, body)


def main():
    absent = [program for _, _, program, _ in CLIENTS if program and not shutil.which(program)]
    if absent:
        skip("not installed: " + ", ".join(absent))
    fetched = []
    with tempfile.TemporaryDirectory() as folder:
        with Served(PROGRAM, "--json") as served:
            for name, send, _, exact in CLIENTS:
                for submission in False, True:
                    subject = f"{name}-{'submission' if submission else 'smtp'}"
                    send(Sender(served, submission, folder), subject)
                    copies = [wait_for_mail(served, user) for user in ("bob", "carol")]
                    for copy in copies:
                        assert len(copy) == 1, (subject, len(copy))
                        check(name, subject, copy[0], exact)
                        fetched.append(copy[0])
                    print(f"{subject}: the same for both")
            assert mailbox(served, "bob") == [] and served.stop() == 0
        report = json.loads(served.rest)
    # What was seen on the wire on the way in is what the mailboxes hold.
    taken = {one["sha256"] for one in report["messages"] if one["protocol"] == "smtp"}
    for stored in fetched:
        assert hashlib.sha256(as_sent(stored)).hexdigest() in taken, stored
    assert report["source"]["kind"] == "live"
    assert not [one for one in report["findings"] if one["severity"] == "error"], report["findings"]
    print(f"{len(fetched)} messages came as they were sent")


main()
