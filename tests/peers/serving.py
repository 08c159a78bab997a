"""What the tests of `mailscope serve` share: the program as a child with free ports, raw sessions, mailboxes,
and other people's programs where they are installed."""
import contextlib
import json
import os
import pathlib
import poplib
import queue
import re
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time

HERE = pathlib.Path(__file__).resolve().parent
SCENARIO = HERE / "guests.toml"
ALPHA, BETA = "mail.alpha.example", "mail.beta.example"
PATIENCE = 20  # seconds; nothing here takes one


def skip(why):
    """Ends the test as skipped; in continuous integration nothing may be missing."""
    if os.environ.get("CI") == "true":
        sys.exit(f"missing: {why}")
    print(f"skipped: {why}")
    sys.exit(77)


def eventually(what, condition):
    """Waits until condition() is true, and returns what it gave."""
    deadline = time.monotonic() + PATIENCE
    while True:
        result = condition()
        if result:
            return result
        assert time.monotonic() < deadline, f"never came: {what}"
        time.sleep(0.02)


class Lines:
    """The lines of a stream, read as they come so that nobody is kept waiting."""

    def __init__(self, stream):
        self.queue = queue.Queue()
        threading.Thread(target=self._read, args=[stream], daemon=True).start()

    def _read(self, stream):
        for line in stream:
            self.queue.put(line)
        self.queue.put(None)

    def next(self):
        """The next line without its end; None behind the last."""
        line = self.queue.get(timeout=PATIENCE)
        return None if line is None else line.rstrip("\n")

    def all(self):
        """The rest, once the program is over."""
        lines = []
        while (line := self.queue.get(timeout=PATIENCE)) is not None:
            lines.append(line)
        return "".join(lines)


class Served:
    """`mailscope serve` with every port free; a context that ends it with SIGINT and wants exit code 0."""

    def __init__(self, program, *arguments, scenario=SCENARIO):
        command = [program, "serve", str(scenario), "--smtp", "0", "--pop3", "0", "--imap", "0", "--submission", "0", *arguments]
        self.process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                                        stderr=subprocess.PIPE, text=True)
        self.rest = self.errors = ""
        self.out, self.err = Lines(self.process.stdout), Lines(self.process.stderr)
        # With --json standard output is the report's alone.
        said = self.err if "--json" in arguments else self.out
        self.ports = {}
        while (line := said.next()) != "ready":
            assert line is not None, f"no `ready`: {self.err.all()}"
            word, protocol, host, address = line.split()
            assert word == "listening", line
            self.ports[protocol, host] = int(address.rpartition(":")[2])

    def port(self, protocol="smtp", host=BETA):
        return self.ports[protocol, host]

    def stop(self, how=signal.SIGINT):
        """Ends it; returns the exit code. What it printed last is in `rest`, its errors in `errors`."""
        if self.process.poll() is None:
            self.process.send_signal(how)
        code = self.process.wait(PATIENCE)
        self.rest, self.errors = self.out.all().removesuffix("\n"), self.err.all()
        return code

    def __enter__(self):
        return self

    def __exit__(self, kind, *_):
        if kind is not None:
            self.process.kill()
            self.process.wait(PATIENCE)
        elif self.process.poll() is None:
            code = self.stop()
            assert code == 0, (code, self.errors)
            assert self.errors == "", self.errors


class Raw:
    """A connection on which octets are written as they are, and replies read."""

    def __init__(self, port, greeting="220", source=None):
        self.socket = socket.create_connection(("127.0.0.1", port), PATIENCE, source_address=source)
        self.file = self.socket.makefile("rb")
        if greeting:
            assert self.reply().startswith(greeting)

    def send(self, octets):
        self.socket.sendall(octets.encode() if isinstance(octets, str) else octets)

    def reply(self):
        """One reply, its lines joined; empty at the end of the connection."""
        lines = []
        while True:
            line = self.file.readline().decode("utf-8", "replace")
            if not line:
                return "".join(lines)
            lines.append(line)
            if len(line) < 4 or line[3] != "-" or not line[:3].isdigit():
                return "".join(lines)

    def ask(self, line, expected=""):
        self.send(line + "\r\n")
        answer = self.reply()
        assert answer.startswith(expected), (line, answer)
        return answer

    def silent(self, seconds):
        """True when nothing comes for so long."""
        self.socket.settimeout(seconds)
        try:
            self.socket.recv(1, socket.MSG_PEEK)
            return False
        except TimeoutError:
            return True
        finally:
            self.socket.settimeout(PATIENCE)

    def close(self):
        self.file.close()
        self.socket.close()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()


def memory_kib(served, what):
    status = pathlib.Path("/proc", str(served.process.pid), "status").read_text()
    return next(int(line.split()[1]) for line in status.splitlines() if line.startswith(what))


def peak_kib(served):
    return memory_kib(served, "VmHWM")


def resident_kib(served):
    return memory_kib(served, "VmRSS")


def mailbox(served, user, host=BETA, delete=False):
    """The messages of a mailbox, octets each."""
    session = poplib.POP3("127.0.0.1", served.port("pop3", host), timeout=PATIENCE)
    session.utf8()
    session.user(user)
    session.pass_(user)
    messages = []
    for number in range(1, session.stat()[0] + 1):
        messages.append(b"".join(line + b"\r\n" for line in session.retr(number)[1]))
        if delete:
            session.dele(number)
    session.quit()
    return messages


def wait_for_mail(served, user, count=1, host=BETA):
    """Empties a mailbox once it holds so many messages."""
    eventually(f"{count} messages for {user}", lambda: poll_count(served, user, host) >= count)
    return mailbox(served, user, host, delete=True)


def poll_count(served, user, host=BETA):
    with contextlib.suppress(poplib.error_proto):
        session = poplib.POP3("127.0.0.1", served.port("pop3", host), timeout=PATIENCE)
        session.user(user)
        session.pass_(user)
        count = session.stat()[0]
        session.quit()
        return count
    return -1


# They are folded with a tab; a line that begins with a space is the guest's.
TRACE_LINE = re.compile(rb"(?:Return-Path|Received):[^\r\n]*\r\n(?:\t[^\r\n]*\r\n)*", re.I)


def as_sent(stored):
    """A stored message without the trace lines that servers put in front of it (RFC 5321 4.4)."""
    while (line := TRACE_LINE.match(stored)) is not None:
        stored = stored[line.end():]
    return stored


def report_of(capture, program):
    """What `mailscope analyze` says of a capture."""
    run = subprocess.run([program, "analyze", "--json", "--exchanges", str(capture)], capture_output=True, check=True,
                         timeout=120)
    return json.loads(run.stdout)


# ---- Postfix's load programs, unpacked and never installed

def postfix(cache):
    """(smtp-source, smtp-sink, environment), unpacked from Debian's package into a folder that stays."""
    cache = pathlib.Path(cache).resolve()
    root = cache / "root"
    source, sink = root / "usr/sbin/smtp-source", root / "usr/sbin/smtp-sink"
    libraries = [root / "usr/lib/postfix", root / "usr/lib/x86_64-linux-gnu", root / "usr/lib/aarch64-linux-gnu"]
    environment = dict(os.environ, LD_LIBRARY_PATH=":".join(map(str, libraries)))
    if not source.exists():
        unpack(cache, root, "postfix")
    missing = subprocess.run(["ldd", source], capture_output=True, text=True, env=environment).stdout
    if "not found" in missing:
        for package in "libicu72", "libdb5.3", "libsasl2-2":
            unpack(cache, root, package)
        missing = subprocess.run(["ldd", source], capture_output=True, text=True, env=environment).stdout
        if "not found" in missing:
            skip(f"Postfix's smtp-source lacks a library: {missing}")
    return str(source), str(sink), environment


def unpack(cache, root, package):
    if not shutil.which("apt-get") or not shutil.which("dpkg-deb"):
        skip("Postfix's programs are unpacked from a Debian package, and this is no Debian system")
    cache.mkdir(parents=True, exist_ok=True)
    try:
        fetched = subprocess.run(["apt-get", "download", package], cwd=cache, capture_output=True, text=True, timeout=60)
    except subprocess.TimeoutExpired:
        skip(f"the package {package} cannot be downloaded")
    packages = sorted(cache.glob(f"{package}_*.deb"))
    if not packages:
        skip(f"the package {package} cannot be downloaded: {fetched.stderr.strip()}")
    subprocess.run(["dpkg-deb", "-x", packages[-1], root], check=True, timeout=60)


def sink_user():
    """smtp-sink gives up root's rights, and wants to be told for whose."""
    return ["-u", "nobody"] if os.geteuid() == 0 else []


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]
