#!/usr/bin/env python3
"""Fails when a section of an RFC is cited that does not exist ("RFC 4954 §4.7.2").

    citations.py ROOT RFCS          checks the tree against the texts rfcNNNN.txt in RFCS, where there are any; else
                                    against the table of their sections beside this file
    citations.py --table ROOT RFCS  makes the table anew from the texts
    citations.py --self-test        checks that the check can fail

Whether the section says what is claimed only a reader can tell. What the reference says (`mailscope explain`) names a
section wherever the RFC has any.
"""
import pathlib
import re
import sys
import tempfile

TABLE = pathlib.Path(__file__).with_name("rfc_sections.txt")
NO_SECTIONS = {"826", "894", "1047"}  # their headings have no numbers
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
    for number in re.findall(r"^ {0,12}(?:Appendix )?\(?((?:[1-9]\d?|[A-Z])(?:\.[1-9]\d?)*)[.:)]*(?:\s|$)", text, re.M):
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


def read_texts(folder):
    return {file.stem[3:]: headings(file.read_text(encoding="utf-8", errors="replace"))
            for file in folder.glob("rfc*.txt")}


def read_table(text):
    return {line.split(":")[0]: set(line.split(":")[1].split()) for line in text.splitlines() if not line.startswith("#")}


def write_table(known):
    def order(section):
        return [(not part.isdigit(), int(part) if part.isdigit() else 0, part) for part in section.split(".")]
    lines = [f"{rfc}: {' '.join(sorted(known[rfc], key=order))}" for rfc in sorted(known, key=int)]
    return "# RFC: what could be the number of a section in its text. Made by citations.py --table.\n" + "\n".join(lines) + "\n"


def bare(root, known):
    """Entries of the reference whose last member is an RFC alone, though it has sections."""
    for file in sorted((root / "protocols").glob("*/*.cpp")):
        for rfc in re.findall(r'"(?:[^"]*, )?RFC (\d+)"\}', file.read_text(encoding="utf-8")):
            if known.get(rfc) and rfc not in NO_SECTIONS:
                yield f"{file.relative_to(root).as_posix()}: RFC {rfc} is cited without a section"


def problems(root, known):
    found, checked, unread = list(bare(root, known)), 0, set()
    for path, rfc, section in citations(root):
        if rfc not in known:
            unread.add(rfc)
            continue
        checked += 1
        if section not in known[rfc]:
            found.append(f"{path}: RFC {rfc} has no section {section}")
    return found, checked, unread


def self_test():
    with tempfile.TemporaryDirectory() as name:
        root = pathlib.Path(name)
        (root / "protocols/x").mkdir(parents=True)
        (root / "rfc4954.txt").write_text("4.  The AUTH Command\n\n4.1. Examples\n")
        (root / "rfc826.txt").write_text("1 is no heading here\n")
        (root / "protocols/x/a.cpp").write_text('"RFC 4954 §4, §4.1"; "RFC 4954 §4.7.2, RFC 9999 §1"; // RFC\n// 4954 §5\n'
                                                'ReferenceEntry{"RFC 4954"}, {"RFC 826"}, {"RFC 826, RFC 4954"}\n')
        known = read_texts(root)
        same = read_table(write_table(known)) == known
        found, checked, unread = problems(root, known)
        return 0 if same and (len(found), checked, unread) == (4, 4, {"9999"}) else 1


def main():
    if sys.argv[1:] == ["--self-test"]:
        return self_test()
    make = sys.argv[1] == "--table"
    root, texts = map(pathlib.Path, sys.argv[-2:])
    known = read_texts(texts)
    if make:
        TABLE.write_text(write_table(known))
        return 0
    table = read_table(TABLE.read_text())
    found, checked, unread = problems(root, {**table, **known})
    missing = sorted({rfc for _, rfc, _ in citations(root) if known.get(rfc) and known[rfc] != table.get(rfc)}, key=int)
    found += [f"{TABLE.name} does not have the sections of RFC {rfc}; run citations.py --table" for rfc in missing]
    print("\n".join(found) or f"{checked} cited sections exist; no text of RFC {', '.join(sorted(unread, key=int))}")
    return 1 if found or checked == 0 else 0


sys.exit(main())
