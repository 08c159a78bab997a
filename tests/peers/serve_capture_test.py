#!/usr/bin/env python3
"""The record of a served session, saved as a capture: `analyze` sees the dialogues that the report of `serve` has,
and tshark finds no fault in the frames."""
import json
import pathlib
import smtplib
import shutil
import subprocess
import sys
import tempfile

from serving import BETA, PATIENCE, Raw, Served, as_sent, mailbox, report_of, skip, wait_for_mail

PROGRAM = sys.argv[1]
if not shutil.which("tshark"):
    skip("tshark is not installed")
CHECKS = ["-o", "ip.check_checksum:TRUE", "-o", "tcp.check_checksum:TRUE", "-o", "tcp.analyze_sequence_numbers:TRUE",
          "-o", "smtp.decryption:TRUE"]
WARNING = 0x600000


def visit(served):
    with smtplib.SMTP("127.0.0.1", served.port(), timeout=PATIENCE) as session:
        session.sendmail("x@alpha.example", ["bob@beta.example"], "Subject: small\r\n\r\n.dot\r\n")
        large = b"Subject: large\r\n\r\n" + b"".join(b"line %06d %s\r\n" % (i, b"." * 60) for i in range(20_000))
        session.sendmail("x@alpha.example", ["bob@beta.example", "carol@beta.example"], large)
    with Raw(served.port()) as guest:  # pipelined, and ended by the guest without QUIT
        guest.send("EHLO a.example\r\nMAIL FROM:<>\r\nRCPT TO:<bob@beta.example>\r\nRCPT TO:<no@beta.example>\r\nRSET\r\n")
        assert [guest.reply()[:3] for _ in range(5)] == ["250", "250", "250", "550", "250"]
    with Raw(served.port("submission")) as guest:
        guest.ask("EHLO a.example", "250")
        guest.ask("AUTH PLAIN AGJvYgBib2I=", "235")
        guest.ask("QUIT", "221")
    assert len(wait_for_mail(served, "bob", 2)) == 2
    assert as_sent(mailbox(served, "carol")[0]) == large


def tshark(capture, *arguments):
    run = subprocess.run(["tshark", "-n", *CHECKS, "-r", capture, *arguments], capture_output=True, text=True, timeout=120)
    assert run.returncode == 0, run.stderr
    return [line for line in run.stdout.splitlines() if line]


def main():
    with tempfile.TemporaryDirectory() as folder:
        capture = pathlib.Path(folder, "guests.pcap")
        with Served(PROGRAM, "--pcap", capture, "--json", "--exchanges") as served:
            visit(served)
            assert served.stop() == 0
        live, read = json.loads(served.rest), report_of(capture, PROGRAM)
        assert live["source"]["kind"] == "live" and read["source"]["frames"] == live["source"]["frames"]
        said = lambda report: [(one["connection"], one["command"], [(r["code"], r["text"]) for r in one["replies"]])
                               for one in report["exchanges"]]
        assert said(live) == said(read) and len(said(live)) > 20
        content = lambda report: sorted((one["protocol"], one["octets"], one["sha256"], one["complete"])
                                        for one in report["messages"])
        assert content(live) == content(read) and len(content(live)) >= 5
        assert {one["client"]["host"] for one in live["connections"]} == {"127.0.0.1"}
        assert {one["server"]["host"] for one in live["connections"]} == {BETA}
        assert all(one["complete"] and one["missing_octets"] == 0 for one in live["connections"])
        secret = json.dumps(live)
        assert "AGJvYgBib2I=" not in secret
        bad = [line for line in tshark(capture, "-T", "fields", "-e", "frame.number", "-e", "_ws.expert.severity",
                                       "-e", "_ws.expert.message", "-e", "_ws.malformed")
               if max((int(one) for one in line.split("\t")[1].split(",") if one), default=0) >= WARNING
               or line.split("\t")[3:] not in ([], [""])]
        assert not bad, bad[:5]
        commands = tshark(capture, "-d", "tcp.port==587,smtp", "-Y", "smtp.req.command", "-T", "fields", "-e",
                          "smtp.req.command")
        ours = sum(one["commands"] for one in live["connections"] if one["protocol"] == "smtp")
        assert sum(len(line.split(",")) for line in commands) == ours, (commands, ours)
        print(f"{live['source']['frames']} frames, {len(said(live))} exchanges: the same, and no fault")


main()
