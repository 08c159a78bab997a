#!/usr/bin/env python3
"""Records the captures of this folder again: real programs on the loopback interface of a network of their own, so that
they can have the usual ports. To be run as root, with swaks, curl, msmtp, mutt, fetchmail, dumpcap (wireshark-common),
aiosmtpd (python3-aiosmtpd) and Dovecot (dovecot-pop3d, dovecot-imapd):

    unshare --net --mount captures/samples/record.py FOLDER
"""
import os
import pathlib
import shutil
import signal
import subprocess
import sys
import tempfile
import textwrap
import time

FOLDER = pathlib.Path(sys.argv[1])
LETTER = textwrap.dedent("""\
    From: Alice Adams <alice@alpha.example>
    To: Bob Brown <bob@beta.example>
    Subject: {subject}
    Date: Mon, 02 Mar 2026 09:00:00 +0000
    Message-ID: <{number}@alpha.example>

    Dear Bob,

    {body}
    .
    The line above is a single dot.
    """)
SERVER = textwrap.dedent("""\
    import asyncio, sys
    from aiosmtpd.controller import Controller
    from aiosmtpd.smtp import AuthResult

    class Handler:
        async def handle_RCPT(self, server, session, envelope, address, options):
            if address.startswith("nobody"):
                return "550 5.1.1 No such user here"
            envelope.rcpt_tos.append(address)
            return "250 2.1.5 OK"
        async def handle_DATA(self, server, session, envelope):
            return "250 2.0.0 OK, queued"

    def log_in(server, session, envelope, mechanism, data):
        return AuthResult(success=(data.login, data.password) == (b"alice", b"wonderland"), handled=False)

    Controller(Handler(), hostname="127.0.0.1", port=25, server_hostname="mail.beta.example", ident="ESMTP aiosmtpd",
               authenticator=log_in, auth_require_tls=False).start()
    asyncio.new_event_loop().run_forever()
    """)
DOVECOT = textwrap.dedent("""\
    protocols = pop3 imap
    listen = 127.0.0.1
    ssl = no
    disable_plaintext_auth = no
    base_dir = {home}/run
    log_path = {home}/log
    default_internal_user = root
    default_internal_group = root
    default_login_user = nobody
    mail_location = maildir:{home}/mail/%u
    passdb {{
      driver = static
      args = password=looking-glass
    }}
    userdb {{
      driver = static
      args = uid=nobody gid=nogroup home={home}/mail/%u
    }}
    login_greeting = mail.beta.example ready
    """)


def run(*command, **options):
    return subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, timeout=60, **options)


class Server:
    def __init__(self, *command):
        self.process = subprocess.Popen(command)

    def __enter__(self):
        time.sleep(2)

    def __exit__(self, *_):
        self.process.terminate()
        self.process.wait()


def record(name, port, *command, **options):
    """What passes to and from the port while the command runs."""
    file = FOLDER / f"{name}.pcap"
    capture = subprocess.Popen(["dumpcap", "-q", "-P", "-i", "lo", "-f", f"tcp port {port}", "-w", file],
                               stderr=subprocess.DEVNULL)
    time.sleep(1.5)
    done = run(*command, **options)
    time.sleep(1.5)
    capture.send_signal(signal.SIGINT)
    capture.wait()
    print(f"{file}: {file.stat().st_size} octets; {command[0]} ended with {done.returncode}")
    if done.returncode not in (0, 24):  # 24: swaks was refused all or some recipients
        print(done.stderr)


def letter(number, subject, body="are you free for lunch on Thursday?"):
    return LETTER.format(number=number, subject=subject, body=body).replace("\n", "\r\n").encode()


def smtp(home):
    message = home / "letter"
    message.write_bytes(letter(1, "Lunch on Thursday?"))
    swaks = ["swaks", "--server", "127.0.0.1", "--ehlo", "alice-pc.alpha.example", "--from", "alice@alpha.example"]
    picture = home / "plan.png"
    picture.write_bytes(bytes([137, 80, 78, 71, 13, 10, 26, 10]) + bytes(range(256)) * 2)
    record("swaks", 25, *swaks, "--to", "bob@beta.example,carol@beta.example", "--data", "@" + str(message))
    record("swaks-attachment", 25, *swaks, "--to", "bob@beta.example", "--header", "Subject: The plan", "--header",
           "Message-Id: <3@alpha.example>", "--body", "Here it is.", "--attach-type", "image/png", "--attach", "@" + str(picture))
    record("swaks-recipient-refused", 25, *swaks, "--to", "nobody@beta.example,bob@beta.example", "--auth", "PLAIN",
           "--auth-user", "alice", "--auth-password", "wonderland", "--data", "@" + str(message))
    record("curl-smtp", 25, "curl", "-sS", "smtp://127.0.0.1/alice-pc.alpha.example", "--mail-from", "alice@alpha.example",
           "--mail-rcpt", "bob@beta.example", "--upload-file", str(message))
    record("msmtp", 25, "msmtp", "--host=127.0.0.1", "--domain=alice-pc.alpha.example", "--from=alice@alpha.example",
           "bob@beta.example", "carol@beta.example", input=letter(2, "To both").decode(), env={**os.environ, "HOME": str(home)})
    record("mutt-smtp", 25, "mutt", "-n", "-F", "/dev/null", "-e", "set smtp_url=smtp://127.0.0.1/ ssl_starttls=no "
           "ssl_force_tls=no hostname=alice-pc.alpha.example from=alice@alpha.example realname='Alice Adams' copy=no", "-s", "Grüße",
           "bob@beta.example", input="Viele Grüße aus Köln\n", env={**os.environ, "HOME": str(home), "LC_ALL": "C.UTF-8"})


def fill(home):
    shutil.rmtree(home / "mail", ignore_errors=True)
    new = home / "mail/bob/new"
    for folder in "new", "cur", "tmp":
        (home / "mail/bob" / folder).mkdir(parents=True, exist_ok=True)
    for number in 1, 2:
        (new / f"{number}.mail").write_bytes(letter(number, f"Letter {number}").replace(b"\r\n", b"\n"))
    run("chown", "-R", "nobody:nogroup", str(home / "mail"))


def access(home):
    url = "127.0.0.1"
    fetchmail = home / "fetchmailrc"

    def fetch(protocol):
        fetchmail.write_text(f"poll {url} protocol {protocol} auth password user bob password looking-glass is root here "
                             "mda \"/bin/cat > /dev/null\" sslproto ''\n")
        fetchmail.chmod(0o700)
        return ["fetchmail", "-f", str(fetchmail), "--nosyslog", "-i", str(home / "ids")]

    environment = {**os.environ, "HOME": str(home), "FETCHMAILHOME": str(home)}
    fill(home)
    record("curl-pop3", 110, "curl", "-sS", "-u", "bob:looking-glass", f"pop3://{url}/1")
    record("curl-imap", 143, "curl", "-sS", "-u", "bob:looking-glass", f"imap://{url}/INBOX;MAILINDEX=2")
    fill(home)
    record("fetchmail-imap", 143, *fetch("imap"), env=environment)
    fill(home)
    record("fetchmail-pop3", 110, *fetch("pop3"), env=environment)


def main():
    run("ip", "link", "set", "lo", "up")
    FOLDER.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as name:
        home = pathlib.Path(name)
        os.chmod(home, 0o755)
        with Server("/usr/bin/python3", "-c", SERVER):
            smtp(home)
        (home / "dovecot.conf").write_text(DOVECOT.format(home=home))
        with Server("dovecot", "-F", "-c", str(home / "dovecot.conf")):
            access(home)
        log = home / "log"
        if log.exists():
            print(log.read_text()[-2000:])


main()
