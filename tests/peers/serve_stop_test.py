#!/usr/bin/env python3
"""SIGINT and SIGTERM in the middle of sessions: guests hear 421, what was accepted is saved, the exit code is 0;
what cannot be had is one line and exit code 2."""
import json
import pathlib
import signal
import subprocess
import sys
import tempfile

from serving import PATIENCE, SCENARIO, Raw, Served, report_of

PROGRAM = sys.argv[1]


def stop_in_the_middle(how, folder):
    capture = folder / f"{how}.pcap"
    with Served(PROGRAM, "--pcap", capture) as served:
        with Raw(served.port()) as done, Raw(served.port()) as busy, Raw(served.port("pop3"), "+OK") as reader:
            for guest in done, busy:
                guest.ask("EHLO guest.example", "250")
                guest.ask("MAIL FROM:<x@alpha.example>", "250")
                guest.ask("RCPT TO:<bob@beta.example>", "250")
                guest.ask("DATA", "354")
            done.ask("Subject: whole\r\n\r\nhello\r\n.", "250")
            busy.send("Subject: half\r\n\r\nhel")
            assert busy.silent(0.05)
            served.process.send_signal(how)
            for guest in done, busy:
                assert guest.reply().startswith("421 4.3.2 mail.beta.example "), guest
                assert guest.reply() == ""
            assert reader.reply() == ""
        assert served.stop(how) == 0
        assert served.rest.startswith("served 3 connections, took 1 message, "), served.rest
        assert served.rest.count("\n") == 0
    report = report_of(capture, PROGRAM)
    assert [one["complete"] for one in report["messages"]] in ([True, False], [True]), report["messages"]
    assert all(one["closing"] == "fin" for one in report["connections"]), report["connections"]
    assert [one.name for one in folder.iterdir()] == [capture.name]
    capture.unlink()


def wrong(said, *arguments):
    run = subprocess.run([PROGRAM, "serve", *arguments], capture_output=True, text=True, timeout=PATIENCE)
    assert run.returncode == 2 and run.stdout == "", run
    assert run.stderr.startswith("mailscope: ") and run.stderr.count("\n") == 1, run.stderr
    assert said in run.stderr, run.stderr


def main():
    with tempfile.TemporaryDirectory() as folder:
        for how in signal.SIGINT, signal.SIGTERM:
            stop_in_the_middle(how, pathlib.Path(folder))
    with Served(PROGRAM) as served:
        wrong("cannot listen on 127.0.0.1:", str(SCENARIO), "--smtp", str(served.port()), "--pop3", "0", "--imap", "0")
    wrong("--smtp", "maa", "--smtp", "65536")
    wrong("--idle", "maa", "--idle", "soon")
    wrong("is not an IPv4 address", "maa", "--listen", "localhost")
    wrong("no mail server", "same-host", "--smtp", "0")
    wrong("one scenario", "maa", "two-servers")
    with Served(PROGRAM, "--json", scenario="maa") as served:  # nobody came
        assert served.stop() == 0
        assert json.loads(served.rest)["connections"] == []
    print("told to stop, it says 421, saves and ends")


main()
