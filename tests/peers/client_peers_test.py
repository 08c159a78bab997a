#!/usr/bin/env python3
"""Our SMTP client against other people's servers: what aiosmtpd receives is what was handed in, octet for octet;
Postfix's smtp-sink takes it too."""
import os
import subprocess
import sys
import time

DELIVER, CACHE = sys.argv[1:3]
try:
    import aiosmtpd.controller
    import aiosmtpd.smtp
except ImportError:
    # Debian's package is for Debian's Python, which need not be the first one in the path.
    debian = "/usr/bin/python3"
    if os.path.exists(debian) and os.path.realpath(sys.executable) != os.path.realpath(debian):
        os.execv(debian, [debian, *sys.argv])
    from serving import skip
    skip("python3-aiosmtpd is not installed")

from serving import PATIENCE, eventually, free_port, postfix, sink_user
import socket

MESSAGES = [
    b"Subject: plain\r\n\r\nhello\r\n",
    b"Subject: dots\r\n\r\n.\r\n..\r\n...\r\n.hidden\r\nend .\r\n.\r\n",
    b"Subject: 8-bit\r\n\r\n" + bytes(octet for octet in range(128, 256)) + "Grüße\r\n".encode(),
    b"Subject: long\r\n\r\n" + b"".join(b"." * (i % 75) + b"x%d\r\n" % i for i in range(20_000)),
    b"\r\n.\r\n",
]
RECIPIENTS = ["bob@beta.example", "carol@beta.example", "nobody@beta.example"]


class Keeper:
    """Takes mail for everybody but nobody, and keeps it."""

    def __init__(self):
        self.taken = []

    async def handle_RCPT(self, server, session, envelope, address, options):
        if address.startswith("nobody"):
            return "550 5.1.1 no such user"
        envelope.rcpt_tos.append(address)
        return "250 2.1.5 OK"

    async def handle_DATA(self, server, session, envelope):
        self.taken.append((envelope.mail_from, list(envelope.rcpt_tos), envelope.content, list(envelope.mail_options)))
        return "250 2.0.0 OK"


def authenticate(server, session, envelope, mechanism, data):
    good = mechanism in ("PLAIN", "LOGIN") and (data.login, data.password) == (b"alice", b"alice")
    return aiosmtpd.smtp.AuthResult(success=good, handled=False)


def deliver(port, content, *options):
    run = subprocess.run([DELIVER, "127.0.0.1", str(port), "alice@alpha.example", *RECIPIENTS, *options], input=content,
                         capture_output=True, timeout=PATIENCE)
    return run.returncode, run.stdout.decode()


def against_aiosmtpd():
    compared = 0
    for settings in {}, {"enable_SMTPUTF8": True}, {"auth_require_tls": False, "authenticator": authenticate,
                                                    "auth_required": True}:
        keeper = Keeper()
        controller = aiosmtpd.controller.Controller(keeper, hostname="127.0.0.1", port=free_port(), **settings)
        controller.start()
        try:
            log_in = ["--user", "alice", "--password", "alice"] if "authenticator" in settings else []
            for content in MESSAGES:
                for options in [], ["--no-pipelining"]:
                    code, said = deliver(controller.port, content, *options, *log_in)
                    assert code == 0, (settings, code, said)
                    assert said.splitlines() == ["250 <bob@beta.example>", "250 <carol@beta.example>",
                                                 "550 <nobody@beta.example>", "accepted 250"], said
                    sender, recipients, received, parameters = keeper.taken.pop()
                    assert (sender, recipients) == ("alice@alpha.example", RECIPIENTS[:2])
                    assert received == content, (received[:200], content[:200])
                    assert f"SIZE={len(content)}" in parameters, parameters
                    compared += 1
            if log_in:
                code, said = deliver(controller.port, MESSAGES[0], "--user", "alice", "--password", "wrong")
                assert code == 1 and not keeper.taken, (code, said)
        finally:
            controller.stop()
    print(f"aiosmtpd: {compared} messages are the same octets")


def against_smtp_sink():
    _, sink, environment = postfix(CACHE)
    for options in [], ["-p"], ["-e"]:  # as it is; without pipelining; without ESMTP
        port = free_port()
        server = subprocess.Popen([sink, *sink_user(), *options, f"127.0.0.1:{port}", "10"], env=environment)
        try:
            eventually("smtp-sink", lambda: socket.socket().connect_ex(("127.0.0.1", port)) == 0)
            # Without ESMTP nobody has promised to take 8-bit octets.
            for content in [one for one in MESSAGES if "-e" not in options or one.isascii()]:
                code, said = deliver(port, content)
                assert code == 0 and said.endswith("accepted 250\n"), (options, code, said)
        finally:
            server.terminate()
            server.wait(PATIENCE)
    print("smtp-sink took everything")


against_aiosmtpd()
against_smtp_sink()
