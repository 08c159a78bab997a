#!/usr/bin/env python3
"""Real mail readers fetch by POP3: each logs in in every way that it has, gets the messages octet for octet, and leaves
or removes them as it was told; a second look in keep mode fetches nothing."""
import pathlib
import poplib
import shutil
import smtplib
import subprocess
import sys
import tempfile

from serving import BETA, PATIENCE, SCENARIO, Served, eventually, mailbox, poll_count, skip

PROGRAM = sys.argv[1]
MESSAGES = [
    b"Subject: plain\r\n\r\nhello\r\n",
    b"Subject: dots\r\n\r\n.\r\n..\r\n.hidden\r\nend .\r\n.\r\n",
    b"Subject: long\r\n\r\n" + b"".join(b"%d: a line of the long one\r\n" % i for i in range(3000)),
]
LF = [one.replace(b"\r\n", b"\n") for one in MESSAGES]


def hand_in(served):
    with smtplib.SMTP("127.0.0.1", served.port("smtp"), timeout=PATIENCE) as session:
        for content in MESSAGES:
            session.sendmail("alice@alpha.example", ["bob@beta.example"], content)
    eventually("the mail is there", lambda: poll_count(served, "bob") == len(MESSAGES))


class Reader:
    def __init__(self, served, folder):
        self.port, self.folder = served.port("pop3"), pathlib.Path(folder)
        (self.folder / "in").mkdir(exist_ok=True)
        for part in "new", "cur", "tmp":
            (self.folder / "in" / part).mkdir(exist_ok=True)

    def write(self, name, text):
        path = self.folder / name
        path.write_text(text)
        path.chmod(0o600)
        return path

    def run(self, *command, codes=(0,)):
        result = subprocess.run([str(one) for one in command], capture_output=True, timeout=PATIENCE, cwd=self.folder,
                                env={"PATH": "/usr/bin:/bin", "HOME": str(self.folder), "LANG": "C.UTF-8"})
        said = (result.stdout + result.stderr).decode("utf-8", "replace")
        assert result.returncode in codes, f"{command} ended with {result.returncode}: {said}"
        return result.stdout

    def taken(self):
        """What is in its Maildir, oldest first; and empties it."""
        paths = sorted((self.folder / "in" / "new").iterdir(), key=lambda path: path.name)
        contents = [path.read_bytes() for path in paths]
        for path in paths:
            path.unlink()
        return contents


def same(contents, wanted, who):
    """Those messages and no others, in any order, without the trace lines and what the reader puts in front."""
    def bare(content):
        return content[content.index(b"Subject: "):]
    assert sorted(map(bare, contents)) == sorted(wanted), (who, [bare(one)[:60] for one in contents])


def curl(reader, way):
    options = [] if way == "PASS" else ["--login-options", f"AUTH={'+' if way == 'APOP' else ''}{way}"]
    contents = [reader.run("curl", "--silent", "--show-error", "--user", "bob:bob", *options,
                           f"pop3://127.0.0.1:{reader.port}/{number}") for number in range(1, len(MESSAGES) + 1)]
    same(contents, MESSAGES, "curl")


def mpop(reader, way, keep):
    auth = {"PASS": "user", "APOP": "apop", "CRAM-MD5": "cram-md5", "PLAIN": "plain", "LOGIN": "login",
            "SCRAM-SHA-256": "scram-sha-256"}[way]
    rc = reader.write("mpoprc", f"account default\nhost 127.0.0.1\nport {reader.port}\nuser bob\npassword bob\n"
                                f"auth {auth}\ntls off\nkeep {'on' if keep else 'off'}\nreceived_header off\n"
                                f"delivery maildir {reader.folder}/in\nuidls_file {reader.folder}/uidls\n")
    reader.run("mpop", f"--file={rc}", "--quiet")


def fetchmail(reader, way, keep):
    auth = {"PASS": "auth password", "CRAM-MD5": "auth cram-md5", "ANY": "auth any", "APOP": "auth password"}[way]
    protocol = "apop" if way == "APOP" else "pop3"
    rc = reader.write("fetchmailrc", f'poll 127.0.0.1 with proto {protocol} port {reader.port} {auth} uidl\n'
                                     f'  user "bob" password "bob" sslproto "" {"keep" if keep else "nokeep flush"}\n'
                                     f'  mda "cat > {reader.folder}/in/new/$$.$(date +%s%N)"\n')
    # 1: there was no mail.
    reader.run("fetchmail", "--fetchmailrc", rc, "--idfile", reader.folder / "fetchids", "--pidfile",
               reader.folder / "pid", "--silent", codes=(0, 1))


def getmail(reader, keep):
    # It refuses to write a Maildir as root.
    reader.write("take", f"#!/bin/sh\ncat > {reader.folder}/in/new/$$\n").chmod(0o700)
    rc = reader.write("getmailrc", f"[retriever]\ntype = SimplePOP3Retriever\nserver = 127.0.0.1\nport = {reader.port}\n"
                                   f"username = bob\npassword = bob\n[destination]\ntype = MDA_external\n"
                                   f"path = {reader.folder}/take\nallow_root_commands = true\nunixfrom = false\n"
                                   f"[options]\ndelete = {'false' if keep else 'true'}\n"
                                   "read_all = false\nreceived = false\ndelivered_to = false\nverbose = 0\n")
    reader.run("getmail", "--getmaildir", reader.folder, "--rcfile", rc)


def keeps_and_deletes(served, name, read, reader):
    """In keep mode once and once more, then in delete mode."""
    read(reader, True)
    same(reader.taken(), LF, name)
    read(reader, True)
    assert reader.taken() == [], f"{name} fetched a message twice"
    assert poll_count(served, "bob") == len(MESSAGES), name
    read(reader, False)
    reader.taken()


def python_poplib(served):
    session = poplib.POP3("127.0.0.1", served.port("pop3"), timeout=PATIENCE)
    capabilities = session.capa()
    assert {"TOP", "UIDL", "USER", "RESP-CODES", "AUTH-RESP-CODE", "PIPELINING", "SASL", "UTF8", "EXPIRE",
            "IMPLEMENTATION"} == set(capabilities), capabilities
    assert capabilities["EXPIRE"] == ["NEVER"], capabilities
    session.utf8()
    session.apop("bob", "bob")
    assert session.stat()[0] == len(MESSAGES)
    try:
        other = poplib.POP3("127.0.0.1", served.port("pop3"), timeout=PATIENCE)
        other.apop("bob", "bob")
        raise SystemExit("the mailbox is not locked")
    except poplib.error_proto as error:
        assert str(error).startswith("b'-ERR [IN-USE] "), error
    other.quit()
    assert b"Subject: dots" in session.top(2, 0)[1]
    session.dele(1)
    session.close()  # without QUIT
    eventually("the lock is free", lambda: poll_count(served, "bob") == len(MESSAGES))


def main():
    absent = [program for program in ("curl", "mpop", "fetchmail", "getmail") if not shutil.which(program)]
    if absent:
        skip("not installed: " + ", ".join(absent))
    with tempfile.TemporaryDirectory() as folder:
        scenario = pathlib.Path(folder, "pop3-guests.toml")
        scenario.write_text(SCENARIO.read_text().replace('"MAA server"]\n', '"MAA server"]\napop = true\n'))
        with Served(PROGRAM, scenario=scenario) as served:
            hand_in(served)
            python_poplib(served)
            reader = Reader(served, folder)
            for way in "PASS", "APOP", "PLAIN", "LOGIN", "CRAM-MD5":  # Debian's curl has no SCRAM
                curl(reader, way)
                print(f"curl, {way}: the same octets")
            readers = [(f"mpop, {way}", lambda reader, keep, way=way: mpop(reader, way, keep))
                       for way in ("PASS", "APOP", "PLAIN", "LOGIN", "CRAM-MD5", "SCRAM-SHA-256")]
            readers += [(f"fetchmail, {way}", lambda reader, keep, way=way: fetchmail(reader, way, keep))
                        for way in ("PASS", "APOP", "CRAM-MD5", "ANY")]
            readers += [("getmail", getmail)]
            for name, read in readers:
                with tempfile.TemporaryDirectory() as own:
                    keeps_and_deletes(served, name, read, Reader(served, own))
                assert poll_count(served, "bob") == 0, name
                print(f"{name}: kept, not fetched again, removed")
                mailbox(served, "bob", BETA, delete=True)
                hand_in(served)


main()
