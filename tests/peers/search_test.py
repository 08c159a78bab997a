#!/usr/bin/env python3
"""search_test.py IMAP_ANSWERS FOLDER: messages are found, sorted and threaded as Debian's Dovecot does: words of all kinds
in the folder's messages and in hard ones, and conversations made at random. Left out is what they take apart differently
(body_structure_test.py says why), and:

- SENTBEFORE of a message without a Date that can be read: theirs takes it for one of 1970. RFC 3501 §6.4.4 asks for
  messages "whose Date: header ... is earlier".
- Where an address has no domain or mailbox, theirs finds and sorts by the words MISSING_DOMAIN and MISSING_MAILBOX."""
import random
import re
import sys
import tempfile

import body_structure_test
import dovecot

WORDS = 150
MONTH = "Mar-2020"


def known_messages(folder):
    found = dovecot.messages_in(folder) | {name: dovecot.with_crlf(octets) for name, octets in body_structure_test.HARD.items()}
    nameless = re.compile(rb"(?im)^(From|To|Cc|Sender): *(?!.*@)\S|<>|@ *$|To: ,|\"X <a@b")
    return {name: octets for name, octets in found.items()
            if name not in body_structure_test.EXPLAINED and not nameless.search(octets)}


def conversation(chance, messages):
    """Messages that answer each other, or somebody, under a few subjects."""
    ids = [f"<m{number}@x>" for number in range(messages // 2)]
    subjects = ["alpha", "beta", "Gamma", "gamma", "[fwd: alpha]", "", "beta (fwd)", "delta  x", "=?utf-8?q?=C3=A9t=C3=A9?=",
                "=?iso-8859-1?q?=C9T=C9?="]
    found = {}
    for number in range(messages):
        fields = [f"From: {chance.choice(['alice@x', 'Bob <bob@y>', 'carol (Carol) @z', 'g: dave@x;'])}",
                  f"To: {chance.choice(['alice@x', 'bob@y, eve@z', ''])}"]
        if chance.random() < .9:
            fields.append("Message-ID: " + chance.choice(ids))
        if chance.random() < .6:
            fields.append("References: " + " ".join(chance.choices(ids, k=chance.randrange(5))))
        if chance.random() < .3:
            fields.append("In-Reply-To: " + chance.choice(ids))
        if chance.random() < .9:
            prefix = chance.choice(["", "Re: ", "re[2]: ", "Fwd: ", "[list] ", "[list] Re: "])
            fields.append(f"Subject: {prefix}{chance.choice(subjects)}")
        if chance.random() < .8:
            zone = chance.choice(["+0000", "+0100", "-0800"])
            fields.append(f"Date: {chance.randrange(1, 29)} Mar 2020 {chance.randrange(24):02}:00:00 {zone}")
        found[f"{number}"] = dovecot.with_crlf(("\n".join(fields) + f"\n\nbody {number}\n").encode())
    return found


def search_commands(chance, messages):
    words = sorted({word.decode() for octets in messages.values() for word in re.findall(rb"[A-Za-z]{3,12}", octets)})
    for word in chance.sample(words, min(len(words), WORDS)):
        word = chance.choice([str.upper, str.lower, str.title])(word[chance.randrange(2):])
        for place in ("TEXT", "BODY", *chance.sample(["SUBJECT", "FROM", "TO", "HEADER Content-Type", "HEADER Received"], 1)):
            yield f"SEARCH {place} {word}"
    for field in ("Subject", "From", "Date", "X-Mailer", "Content-Type", "Cc", "nothing"):
        yield f'SEARCH HEADER {field} ""'
    for day in range(1, 29):
        yield f"SEARCH SENTON {day}-{MONTH}"
        yield f"SEARCH SENTSINCE {day}-{MONTH}"


def order_commands():
    for criteria in ("SUBJECT", "FROM", "TO", "CC", "DATE", "SIZE", "ARRIVAL", "REVERSE DATE", "REVERSE SUBJECT DATE",
                     "SUBJECT REVERSE DATE"):
        yield f"SORT ({criteria}) UTF-8 ALL"
    yield "THREAD REFERENCES UTF-8 ALL"
    yield "THREAD ORDEREDSUBJECT UTF-8 ALL"


def answers(octets):
    return [line.strip() for line in octets.split(b"\r\n") if re.match(rb"\* (SEARCH|SORT|THREAD)", line)]


def compare(program, messages, commands):
    with tempfile.TemporaryDirectory() as folder:
        files = dovecot.fill(folder, messages.values())
        ours = answers(dovecot.ours(program, files, commands))
        theirs = answers(dovecot.ask(folder, commands))
    assert len(ours) == len(theirs) == len(commands), (len(ours), len(theirs), len(commands))
    wrong = 0
    for command, mine, other in zip(commands, ours, theirs):
        if mine == other:
            continue
        wrong += 1
        print(f"{command}\n  ours   {mine.decode()}\n  theirs {other.decode()}")
    print(f"{len(messages)} messages, {len(commands)} commands, {wrong} answered otherwise")
    return wrong


def main():
    program, folder = sys.argv[1:]
    dovecot.skip_without_dovecot()
    chance = random.Random(5256)
    known = known_messages(folder)
    wrong = compare(program, known, [*search_commands(chance, known), *order_commands()])
    for _ in range(3):
        talk = conversation(chance, 150)
        wrong += compare(program, talk, [*search_commands(chance, talk), *order_commands()])
    sys.exit(wrong > 0)


if __name__ == "__main__":
    main()
