#!/usr/bin/env python3
"""Fails when a section of an RFC is cited that does not exist ("RFC 4954 §4.7.2").

    citations.py ROOT RFCS    checks the tree against the texts rfcNNNN.txt in RFCS; without them: skipped (77)
    citations.py --self-test  checks that the check can fail

Whether the section says what is claimed only a reader can tell.
"""
import pathlib
import re
import sys
import tempfile

WHERE = ["protocols", "captures", "sim", "scenarios", "viz", "docs", "README.md"]
KINDS = {".cpp", ".hpp", ".md", ".toml"}
# "RFC 5321 §4.2.2, §4.5.3.1.10", "RFC 5321 appendix F.6", "RFC 5321 section 4.5.3.2.1"
CITED = re.compile(r"RFC (\d+)((?:,? ?(?:and )?§[\w.]*\w| (?:appendix|section) [A-Z0-9][\w.]*\w|\b)"
                   r"(?:,? ?(?:and )?§[\w.]*\w)*)")
SECTION = re.compile(r"(?:§|appendix |section )([\w.]*\w)")


def headings(text):
    """The numbers of a text's sections. A heading begins its line, at most a little indented; RFC 6298 numbers its
    rules (5.4), which are cited as sections, and RFC 5321 its appendices."""
    found = set()
    for number in re.findall(r"^ {0,12}(?:Appendix )?\(?((?:\d+|[A-Z])(?:\.\d+)*)[.:)]*(?:\s|$)", text, re.M):
        found.add(number)
    return found


def citations(root):
    for name in WHERE:
        start = root / name
        files = [start] if start.is_file() else sorted(start.rglob("*"))
        for file in files:
            if file.suffix not in KINDS:
                continue
            text = re.sub(r"\s*\n\s*(?://|#)?\s*", " ", file.read_text(encoding="utf-8"))
            for rfc, tail in CITED.findall(text):
                for section in SECTION.findall(tail):
                    yield file.relative_to(root).as_posix(), rfc, section


def problems(root, texts):
    found, checked, unread = [], 0, set()
    known = {}
    for path, rfc, section in citations(root):
        if rfc not in known:
            file = texts / f"rfc{rfc}.txt"
            known[rfc] = headings(file.read_text(encoding="utf-8", errors="replace")) if file.exists() else None
        if known[rfc] is None:
            unread.add(rfc)
            continue
        checked += 1
        if section not in known[rfc]:
            found.append(f"{path}: RFC {rfc} has no section {section}")
    return found, checked, unread


def self_test():
    with tempfile.TemporaryDirectory() as name:
        root = pathlib.Path(name)
        (root / "protocols").mkdir()
        (root / "rfc4954.txt").write_text("4.  The AUTH Command\n\n4.1. Examples\n")
        (root / "protocols/a.cpp").write_text('"RFC 4954 §4, §4.1"; "RFC 4954 §4.7.2, RFC 9999 §1"; // RFC\n// 4954 §5\n')
        found, checked, unread = problems(root, root)
        return 0 if (len(found), checked, unread) == (2, 4, {"9999"}) else 1


def main():
    if sys.argv[1:] == ["--self-test"]:
        return self_test()
    root, texts = pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2])
    if not texts.is_dir():
        print(f"skipped: no texts of the RFCs in {texts}")
        return 77
    found, checked, unread = problems(root, texts)
    print("\n".join(found) or f"{checked} cited sections exist; no text of RFC {', '.join(sorted(unread, key=int))}")
    return 1 if found or checked == 0 else 0


sys.exit(main())
