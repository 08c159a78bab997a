"""Debian's Dovecot on a Maildir of our own, spoken to over a pipe: no daemon, no port, gone when the pipe closes."""
import os
import pathlib
import pwd
import re
import subprocess
import sys

IMAP = pathlib.Path("/usr/lib/dovecot/imap")
CONFIGURATION = """mail_location = maildir:{folder}/mail
base_dir = {folder}/run
state_dir = {folder}/state
ssl = no
mail_fsync = never
protocols = imap
"""


def skip_without_dovecot():
    if not IMAP.exists():
        print("skipped: dovecot-imapd is not installed")
        sys.exit(77)


def with_crlf(octets):
    return re.sub(rb"\r?\n", b"\r\n", octets)


def messages_in(folder):
    """{name: octets} of the messages below a folder, with CRLF."""
    files = sorted(file for file in pathlib.Path(folder).rglob("*") if file.suffix in (".eml", ".msg"))
    return {f"{file.parent.name}/{file.name}": with_crlf(file.read_bytes()) for file in files}


def ours(program, files, commands):
    """What our IMAP says (imap_answers.cpp)."""
    said = "".join(f"{command}\n" for command in commands)
    result = subprocess.run([program, *files], input=said.encode(), capture_output=True, check=False)
    assert result.returncode == 0, result.stderr.decode()
    return result.stdout


def fill(folder, messages):
    """A Maildir of these messages, in their order, that came a second apart. Their files, in that order."""
    for name in ("cur", "new", "tmp"):
        pathlib.Path(folder, "mail", name).mkdir(parents=True)
    files = []
    for arrival, octets in enumerate(messages, 1_000_000_000):
        files.append(pathlib.Path(folder, "mail", "cur", f"{arrival}.M{arrival}.test:2,"))
        files[-1].write_bytes(octets)
        os.utime(files[-1], (arrival, arrival))
    pathlib.Path(folder, "dovecot.conf").write_text(CONFIGURATION.format(folder=folder))
    return files


def ask(folder, commands):
    """What it answers to these command lines about that Maildir. It will not read mail as root: then nobody does."""
    person, identity = pwd.getpwuid(os.getuid()), {}
    if os.getuid() == 0:
        person = pwd.getpwnam("nobody")
        identity = {"user": person.pw_uid, "group": person.pw_gid, "extra_groups": []}
        for place, _, files in os.walk(folder):
            os.chown(place, person.pw_uid, -1)
            for file in files:
                os.chown(os.path.join(place, file), person.pw_uid, -1)
    said = "".join(f"{number} {command}\r\n" for number, command in enumerate(["EXAMINE INBOX", *commands, "LOGOUT"], 1))
    environment = {"USER": person.pw_name, "HOME": str(folder), "PATH": os.environ["PATH"]}
    with subprocess.Popen([IMAP, "-c", f"{folder}/dovecot.conf"], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                          stderr=subprocess.PIPE, env=environment, **identity) as server:
        # It stops at once when its input ends: that stays open until it has said good-bye.
        server.stdin.write(said.encode())
        server.stdin.flush()
        answer = server.stdout.read()
        assert b"BYE Logging out" in answer, server.stderr.read().decode()
    return answer


TOKEN = re.compile(rb' +|([()])|"((?:[^"\\]|\\.)*)"|~?\{(\d+)\}\r\n|((?:[^ ()\r\n"\[]|\[[^\]]*\])+)')


def read_items(octets, at):
    """The value at `at`: a list, a string as bytes, None for NIL, an atom or number as str; and where it ends."""
    stack = [[]]
    while True:
        token = TOKEN.match(octets, at)
        assert token, octets[at:at + 60]
        at = token.end()
        bracket, quoted, literal, atom = token.groups()
        if bracket == b"(":
            stack.append([])
        elif bracket == b")":
            done = stack.pop()
            stack[-1].append(done)
        elif quoted is not None:
            stack[-1].append(re.sub(rb"\\(.)", rb"\1", quoted))
        elif literal is not None:
            stack[-1].append(octets[at:at + int(literal)])
            at += int(literal)
        elif atom is not None:
            stack[-1].append(None if atom.upper() == b"NIL" else atom.decode("latin-1"))
        if len(stack) == 1 and stack[0]:
            return stack[0][0], at


def read_fetches(octets):
    """{number: {item: value}} of all FETCH responses."""
    found = {}
    for match in re.finditer(rb"(?:^|(?<=\n))\* (\d+) FETCH (?=\()", octets):
        items, _ = read_items(octets, match.end())
        found.setdefault(int(match[1]), {}).update(zip(map(str.upper, items[::2]), items[1::2]))
    return found
