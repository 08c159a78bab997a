#!/usr/bin/env python3
"""body_structure_test.py IMAP_ANSWERS MAILSCOPE FOLDER: ENVELOPE, BODYSTRUCTURE, BODY, RFC822.SIZE and the sections of
every message in the folder, of all messages of the lessons and of some made here to be hard are what Debian's Dovecot
says of the same octets. Where they are not, the reason stands in EXPLAINED."""
import json
import pathlib
import subprocess
import sys
import tempfile

import dovecot

ITEMS = ["RFC822.SIZE", "ENVELOPE", "BODYSTRUCTURE", "BODY"]
SECTIONS = [f"BODY.PEEK[{section}]" for section in (
    "", "HEADER", "TEXT", "HEADER.FIELDS (From SUBJECT x-none)", "HEADER.FIELDS.NOT (From Received)",
    *(f"{part}{text}" for part in ("1", "2", "3", "1.1", "1.2", "2.1", "2.2", "2.1.1") for text in ("", ".MIME")),
    "1.HEADER", "1.TEXT", "2.HEADER", "2.TEXT", "2.HEADER.FIELDS (Subject)", "2.HEADER.FIELDS.NOT (Subject)")]
SECTIONS += ["BODY.PEEK[]<3.10>", "BODY.PEEK[TEXT]<100000.5>", "BODY.PEEK[1]<2.4>"]

# Where ours says otherwise, and why.
LENIENT = "a damaged field is read as far as it goes; RFC 2045 §5.2 recommends text/plain for a type in no order"
LINE_END = 'RFC 2046 §5.1.1: "the CRLF preceding the boundary delimiter line is conceptually attached to the boundary"'
BLANK_LINE = 'RFC 3501 §6.4.5: "the blank line is included in all header fetches"'
PREFIX = 'RFC 2046 §5.1.1: behind a boundary stands "transport-padding CRLF", so "--ab" is no boundary line of "a"'
SHORT = 'RFC 2046 §5.1.1: "boundary := 0*69<bchars> bcharsnospace": it has 1 to 70 octets and no white space at its end'
TWICE = 'RFC 5322 §4.5: "interpretation of multiple occurrences of fields is unspecified"; ours takes the first'
UNFOLDED = "RFC 5322 §2.2.3: unfolding takes out line ends alone, not runs of white space; that at a field's end says nothing"
ENCODED = 'RFC 2231 §4.1: pieces without "*" are not encoded; joined with others they have to be'
COMMAS = "RFC 5322 §4.4: list elements may be empty, and are no addresses"
GLOBAL = "RFC 9051 §7.5.2: message/global holds a message"
EXPLAINED = {
    "malformed/001.eml": BLANK_LINE,
    "malformed/004.eml": PREFIX,
    "malformed/007.eml": PREFIX,
    "malformed/016.eml": PREFIX,
    "malformed/017.eml": LENIENT,
    "malformed/019.eml": TWICE,
    "malformed/020.eml": BLANK_LINE,
    "malformed/021.eml": BLANK_LINE,
    "malformed/022.eml": LINE_END,
    "rfc/001.eml": LENIENT,
    "rfc/008.eml": LINE_END,
    "mime4j/basic-plain-with-bad-header-separator.msg": UNFOLDED,
    "mime4j/boundary-name-clash.msg": LINE_END,
    "mime4j/malformedHeader-noheader.msg": BLANK_LINE,
    "mime4j/malformedHeaderStartsBody-noheader.msg": BLANK_LINE,
    "mime4j/missing-inner-start-boundary.msg": LINE_END,
    "mime4j/multipartdigestnestedemptyparts.msg": BLANK_LINE,
    "mime4j/multipartnestedemptyparts.msg": BLANK_LINE,
    "mime4j/multipartnestedemptypartsnorfc822.msg": BLANK_LINE,
    "mime4j/obsolete.msg": UNFOLDED,
    "mime4j/very-long-boundary.msg": SHORT,
    "mime4j/very-very-long-boundary.msg": SHORT,
    "mime4j/weird-boundary.msg": SHORT,
    "angle never closed": LENIENT,
    "digest parts without anything": BLANK_LINE,
    "empty disposition": LENIENT,
    "empty elements": COMMAS,
    "empty type": LENIENT,
    "message/global": GLOBAL,
    "multipart with empty boundary": SHORT,
    "multipart without boundary": SHORT,
    "no empty line": BLANK_LINE,
    "no subtype": LENIENT,
    "no type": LENIENT,
    "only fields": BLANK_LINE,
    "parameters": LENIENT,
    "parameters in pieces": ENCODED,
    "quote never closed": LENIENT,
}


def part(field, body="x\n"):
    return f"From: a@b\nMIME-Version: 1.0\n{field}\n\n{body}".encode("latin-1")


HARD = {
    "parameters": part("Content-Type: Text/X-Odd; CHARSET=\"utf-8\"; n=\"a\\\"b\\\\c\"; empty=\"\"; tail=a b"),
    "folded parameters": part("Content-Type: text/plain;\n\tcharset=utf-8;\n  format=flowed"),
    "parameters in pieces": part("Content-Type: application/x; n*1=two; n*0=one; m*0*=utf-8''%e2; m*1=\"a b\"; p*=us-ascii'en'x"),
    "a missing piece": part("Content-Type: application/x; n*1=two; n*2=three"),
    "comments": part("Content-Type: (c) text (d) / (e) html (f); (g) charset (h) = (i) us-ascii (j)"),
    "no subtype": part("Content-Type: text"),
    "no type": part("Content-Type: /plain"),
    "empty type": part("Content-Type:"),
    "no charset": part("Content-Type: text/html"),
    "no text": part("Content-Type: application/pdf"),
    "encoding": part("Content-Transfer-Encoding: BASE64"),
    "encoding with a comment": part("Content-Transfer-Encoding: base64 (so)"),
    "empty encoding": part("Content-Transfer-Encoding:"),
    "unknown encoding": part("Content-Transfer-Encoding: x-uuencode"),
    "disposition": part("Content-Disposition: attachment; filename=\"a b.txt\"; size=12"),
    "disposition in pieces": part("Content-Disposition: Inline; filename*0*=utf-8''%e2%82%ac; filename*1=.txt"),
    "empty disposition": part("Content-Disposition:"),
    "languages": part("Content-Language: en, de-AT,fr"),
    "language": part("Content-Language: en"),
    "language with a comment": part("Content-Language: en (English), de"),
    "location": part("Content-Location: http://x.example/a b"),
    "md5": part("Content-MD5: Q2hlY2sgSW50ZWdyaXR5IQ=="),
    "id and description": part("Content-ID: <a@b>\nContent-Description: some  words\n of it"),
    "empty description": part("Content-Description:\nContent-ID:"),
    "8-bit description": part("Content-Description: caf\xe9"),
    "encoded description": part("Content-Description: =?utf-8?q?caf=C3=A9?="),
    "digest": part("Content-Type: multipart/digest; boundary=d",
                   "--d\n\nSubject: 1\n\none\n--d\nContent-Type: text/plain\n\ntwo\n--d--\n"),
    "digest parts without anything": part("Content-Type: multipart/digest; boundary=d", "--d\n--d\n\n--d\n\n\n--d--\n"),
    "message": part("Content-Type: message/rfc822", "Subject: in\nTo: x@y\n\nbody\nmore\n"),
    "message in messages": part("Content-Type: message/rfc822", "Content-Type: message/rfc822\n\nSubject: in\n\nbody\n"),
    "message without body": part("Content-Type: message/rfc822", "Subject: in\n"),
    "empty message": part("Content-Type: message/rfc822", ""),
    "message/global": part("Content-Type: message/global", "Subject: in\n\nx\n"),
    "message/partial": part("Content-Type: message/partial; id=1; number=1", "Subject: in\n\nx\n"),
    "multipart extension data": part("Content-Type: multipart/related; boundary=b; type=\"text/html\"\nContent-Disposition: inline\n"
                                     "Content-Language: en\nContent-Location: http://x/", "--b\n\nx\n--b--\n"),
    "multipart without boundary": part("Content-Type: multipart/mixed", "--b\n\nx\n--b--\n"),
    "multipart with empty boundary": part("Content-Type: multipart/mixed; boundary=\"\"", "--\n\nx\n----\n"),
    "multipart without parts": part("Content-Type: multipart/mixed; boundary=b", "nothing\n"),
    "multipart closed at once": part("Content-Type: multipart/mixed; boundary=b", "--b--\n"),
    "multipart never closed": part("Content-Type: multipart/mixed; boundary=b", "--b\n\none\n--b\n\ntwo\n"),
    "boundary at the end": part("Content-Type: multipart/mixed; boundary=b", "--b\n\none\n--b"),
    "part without empty line": part("Content-Type: multipart/mixed; boundary=b", "--b\nContent-Type: text/html\n--b\n\ntwo\n--b--"),
    "outer boundary closes": part("Content-Type: multipart/mixed; boundary=o",
                                  "--o\nContent-Type: multipart/mixed; boundary=i\n\n--i\n\nx\n--o\n\ny\n--o--\n"),
    "same boundary": part("Content-Type: multipart/mixed; boundary=b",
                          "--b\nContent-Type: multipart/mixed; boundary=b\n\n--b\n\nx\n--b--\nend\n--b\n\ny\n--b--\n"),
    "white space behind boundaries": part("Content-Type: multipart/mixed; boundary=b", "--b \t\n\nx\n--b-- \nend\n"),
    "preamble and epilogue": part("Content-Type: multipart/mixed; boundary=b", "pre\n--b\n\nx\n\n--b--\n\nepi\n"),
    "no body": b"Subject: x\n\n",
    "no empty line": b"Subject: x\n",
    "no header": b"\nbody\n",
    "last line without end": part("X: y", "one\ntwo"),
    "only fields": b"From: a@b",
    "no colon": b"From: a@b\nno colon here\nSubject: s\n\nx\n",
    "nothing but From": b"From: a@b\nSender:\nReply-To: \n\nx\n",
    "no From": b"To: a@b\n\nx\n",
    "empty fields": b"Date:\nSubject:\nFrom:\nTo:\nMessage-ID:\nIn-Reply-To: \n\nx\n",
    "several To": b"To: a@b\nTo: c@d\nCc: e@f, g@h\nCC: i@j\n\nx\n",
    "obsolete spaces": b"Subject : s\nFrom : a @ b . c\nMessage-ID : <1 @ 2>\n\nx\n",
    "names": b"From: \"Doe, Jane\" <j@x>, Jack \"The\" Q. Public <k@x>, =?utf-8?q?Zo=C3=AB?= <z@x>, <n@x>, p@x (Comment Name)\n\nx\n",
    "quoted pairs": b'From: "a\\"b\\\\c" <"odd \\" local"@x>\n\nx\n',
    "domain literal": b"From: a@[192.0.2.1]\n\nx\n",
    "route": b"From: X <@a,@b:c@d>\n\nx\n",
    "groups": b"To: A Group: Ed <e@x>, f@x;, Undisclosed:;, g@x\n\nx\n",
    "comments in addresses": b"From: (one) a (two) @ (three) b (four)\n\nx\n",
    "nested comments": b"From: a@b (one (two) three)\n\nx\n",
    "empty elements": b"To: , a@b, ,c@d,\n\nx\n",
    "folded": b"Subject: one\n two\nTo: a@b,\n c@d\nIn-Reply-To: <1@2>\n <3@4>\n\nx\n",
    "8-bit": "Subject: caf\xe9\nFrom: Zo\xeb <z@x>\n\nx\n".encode("utf-8"),
    "quotes": b'Subject: "so" \\ so\n\nx\n',
    "empty angle": b"From: Post <>\nTo: <>\n\nx\n",
    "only local": b"From: alice\nTo: Bob <bob>\n\nx\n",
    "angle never closed": b"From: X <a@b\n\nx\n",
    "quote never closed": b'From: "X <a@b>\n\nx\n',
    "long subject": b"Subject: " + b"long " * 400 + b"\n\nx\n",
}


def of_the_lessons(mailscope, folder):
    found = {}
    folder.mkdir()
    for lesson in json.loads(subprocess.run([mailscope, "list", "--json"], capture_output=True, check=True).stdout):
        name = lesson["name"]
        place = pathlib.Path(folder, name)
        subprocess.run([mailscope, "run", name, "--quiet", "--pcap", f"{place}.pcap"], capture_output=True, check=True)
        subprocess.run([mailscope, "analyze", f"{place}.pcap", "--extract", place], capture_output=True, check=True)
        found |= dovecot.messages_in(place)
    return found


def differences(ours, theirs, path=""):
    if isinstance(ours, list) and isinstance(theirs, list) and len(ours) == len(theirs):
        for index, (a, b) in enumerate(zip(ours, theirs)):
            yield from differences(a, b, f"{path}/{index}")
    elif ours == b"" and theirs in (b"MISSING_DOMAIN", b"MISSING_MAILBOX"):
        return  # RFC 3501 §7.4.2 wants no NIL there; ours makes no name up
    elif ours != theirs:
        yield f"{path}: ours {ours!r}, theirs {theirs!r}"


def has_no_such_part(item, ours, theirs):
    """RFC 3501 §6.4.5 gives the one part 1 to messages that are no multipart, not to parts: theirs gives it to these, too.
    Of a part that is not there, and of HEADER and TEXT of what is no message, ours says NIL, theirs an empty string."""
    leaf = item.replace(".1]", "]").replace(".1.MIME]", ".MIME]")
    return ours[item] is None and theirs in (b"", ours[leaf])


def compare(names, ours, theirs):
    """{name: its differences}"""
    found = {}
    for number, name in enumerate(names, 1):
        assert ours[number].keys() == theirs[number].keys() - {"UID", "FLAGS"}, (ours[number].keys(), theirs[number].keys())
        for item in ours[number]:
            if has_no_such_part(item, ours[number], theirs[number][item]):
                continue
            for difference in differences(ours[number][item], theirs[number][item]):
                found.setdefault(name, []).append(f"{item} {difference}")
    return found


def main():
    answers, mailscope, messages = sys.argv[1:]
    dovecot.skip_without_dovecot()
    commands = [f"FETCH 1:* ({' '.join(items)})" for items in (ITEMS, SECTIONS)]
    with tempfile.TemporaryDirectory() as folder:
        known = dovecot.messages_in(messages) | of_the_lessons(mailscope, pathlib.Path(folder, "lessons"))
        known |= {name: dovecot.with_crlf(octets) for name, octets in HARD.items()}
        files = dovecot.fill(folder, known.values())
        ours = dovecot.read_fetches(dovecot.ours(answers, files, commands))
        theirs = dovecot.read_fetches(dovecot.ask(folder, commands))
    assert len(ours) == len(theirs) == len(known), (len(ours), len(theirs), len(known))
    found = compare(known, ours, theirs)
    for name in found.keys() - EXPLAINED.keys():
        print(*(f"{name}: {difference[:300]}" for difference in found[name]), sep="\n")
    same = (EXPLAINED.keys() & known.keys()) - found.keys()
    print(*(f"{name}: is the same now" for name in same), sep="\n")
    print(f"{len(known)} messages, {len(found)} with differences, {len(found.keys() - EXPLAINED.keys())} not explained")
    sys.exit(bool(same or found.keys() - EXPLAINED.keys()))


if __name__ == "__main__":
    main()
