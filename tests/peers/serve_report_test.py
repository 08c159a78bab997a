#!/usr/bin/env python3
"""What `serve` leaves behind: with --json standard output is one JSON document, which tells of each message what
became of it; --exchanges by itself prints the dialogue; what cannot be written is one line and the exit code 2 or 1,
and nothing is left half-written; a second signal ends the waiting."""
import json
import os
import pathlib
import signal
import subprocess
import sys
import tempfile
import time

from serving import PATIENCE, SCENARIO, Raw, Served, report_of, wait_for_mail

PROGRAM = sys.argv[1]


def envelope(guest, *recipients):
    guest.ask("MAIL FROM:<x@alpha.example>", "250")
    for recipient in recipients:
        guest.ask(f"RCPT TO:<{recipient}>")


def talk(served):
    """A message by DATA, one by BDAT in two chunks, one that is refused, one without an end; then two are fetched."""
    with Raw(served.port()) as guest:
        guest.ask("EHLO guest.example", "250")
        envelope(guest, "bob@beta.example")
        guest.ask("DATA", "354")
        guest.ask("Subject: by DATA\r\n\r\nhello\r\n.", "250")
        envelope(guest, "bob@beta.example", "nobody@beta.example")
        guest.send("BDAT 10\r\nSubject: b")
        assert guest.reply().startswith("250")
        guest.send("BDAT 10 LAST\r\ny BDAT\r\n\r\n")
        assert guest.reply().startswith("250")
        envelope(guest, "bob@beta.example")
        guest.ask("DATA", "354")
        guest.send("Subject: refused\r\n\r\n" + "too much\r\n" * 2000 + ".\r\n")
        assert guest.reply().startswith("552")
        envelope(guest, "bob@beta.example")
        guest.ask("DATA", "354")
        guest.send("Subject: without an end\r\n\r\nhel")
    assert len(wait_for_mail(served, "bob", 2)) == 2


SMTP = [("data", "accepted", 250), ("bdat", "accepted", 250), ("data", "refused", 552), ("data", "unanswered", None)]


def outcomes(report):
    found = [(one["kind"], one["fate"], one["code"]) for one in report["messages"]]
    assert found == SMTP + [("retr", "served", "+OK")] * 2, found


def as_json():
    with tempfile.TemporaryDirectory() as folder:
        capture = pathlib.Path(folder, "guests.pcap")
        with Served(PROGRAM, "--json", "--message-size", "10000", "--pcap", capture) as served:
            talk(served)
            assert served.stop() == 0 and served.errors == "", served.errors
        report = json.loads(served.rest)  # nothing else stands there
        outcomes(report)
        outcomes(report_of(capture, PROGRAM))
    source = report["source"]
    assert (source["record_full"], source["recorded_until_s"]) == (False, None)


def as_text():
    with Served(PROGRAM, "--exchanges", "--message-size", "10000") as served:
        talk(served)
        assert served.stop() == 0
    assert "C: DATA" in served.rest and "S: 552 " in served.rest, served.rest
    assert served.rest.splitlines()[-1].startswith("served "), served.rest


def wait_for_ready(stream):
    while stream.readline().strip() != b"ready":
        pass


def cannot_be_written():
    command = [PROGRAM, "serve", str(SCENARIO), "--smtp", "0", "--pop3", "0", "--imap", "0", "--submission", "0"]
    for arguments, code, line in [
        (["--json"], 1, "mailscope: standard output: No space left on device"),
        (["--json", "--pcap", "/dev/full"], 2, "mailscope: /dev/full: No space left on device"),
    ]:
        with open("/dev/full", "wb") as full:
            out = full if code == 1 else subprocess.PIPE
            process = subprocess.Popen(command + arguments, stdout=out, stderr=subprocess.PIPE)
            wait_for_ready(process.stderr)
            process.send_signal(signal.SIGINT)
            output, errors = process.communicate(timeout=PATIENCE)
        assert process.returncode == code, (process.returncode, errors)
        assert errors.decode().startswith(line) and errors.count(b"\n") == 1, errors
        if code == 2:
            assert json.loads(output)["connections"] == []  # what can be had is given
    assert pathlib.Path("/dev/full").is_char_device()
    with tempfile.TemporaryDirectory() as folder:
        gone = pathlib.Path(folder, "gone")
        gone.mkdir()
        with Served(PROGRAM, "--pcap", gone / "guests.pcap") as served:
            gone.rmdir()
            assert served.stop() == 2
            assert served.errors.count("\n") == 1 and "guests.pcap" in served.errors, served.errors
        assert os.listdir(folder) == []


def second_signal():
    """A guest who doesn't go is waited for (5 s); who says Ctrl+C again has waited enough, and loses nothing."""
    with tempfile.TemporaryDirectory() as folder:
        capture = pathlib.Path(folder, "guests.pcap")
        with Served(PROGRAM, "--pcap", capture) as served, Raw(served.port()) as guest:
            guest.ask("EHLO guest.example", "250")
            served.process.send_signal(signal.SIGINT)
            assert guest.reply().startswith("421 4.3.2 mail.beta.example ")
            began = time.monotonic()
            assert served.stop() == 0
            assert time.monotonic() - began < 3
            assert served.errors == "", served.errors
        assert os.listdir(folder) == [capture.name]
        assert report_of(capture, PROGRAM)["connections"][0]["commands"] == 1


def main():
    as_json()
    as_text()
    cannot_be_written()
    second_signal()
    print("the report says what became of each message, and is whole or not there")


main()
