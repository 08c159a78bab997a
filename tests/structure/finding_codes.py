#!/usr/bin/env python3
"""Fails when the code reports a finding that no table of kinds has (captures/trace/finding_kinds.cpp, and those of the
protocols in captures/languages), or a table has one that nobody reports.

    finding_codes.py ROOT
    finding_codes.py --self-test  checks that the check can fail
"""
import pathlib
import re
import sys
import tempfile

WHERE = ["protocols", "captures", "sim", "scenarios"]
KIND = re.compile(r'\{"([^"]+)",\s*(?:trace::)?Severity::')  # a line of a table of kinds
CODE = re.compile(r'"([a-z][a-z0-9]*\.[a-z][a-z0-9]*(?:-[a-z0-9]+)*)"')


def without_comments(text):
    return re.sub(r"^\s*//.*$|//[^\"\n]*$|^#include.*$|\s// \".*$", "", text, flags=re.M)


def problems(root):
    files = sorted(file for folder in WHERE for file in (root / folder).rglob("*.?pp"))
    texts = {file.relative_to(root).as_posix(): without_comments(file.read_text(encoding="utf-8")) for file in files}
    known = {code: path for path, text in texts.items() for code in KIND.findall(text)}
    found, reported = [], set()
    for path, text in texts.items():
        for code in CODE.findall(KIND.sub("", text)):
            reported.add(code)
            if code not in known:
                found.append(f'{path}: no table of kinds has "{code}"')
    found += [f"{known[code]}: nobody reports {code}" for code in sorted(set(known) - reported)]
    return found, len(known)


def self_test():
    with tempfile.TemporaryDirectory() as name:
        root = pathlib.Path(name)
        for path, text in {"captures/a.cpp": 'constexpr kKinds[] = {\n    {"a.one", Severity::Note},\n',
                           "captures/b.cpp": '{{"a.gone",\n  trace::Severity::Note, "b"}};\n',
                           "protocols/a.cpp": '#include "x.hpp"\nreport("a.one"); report("a.new-one");  // "a.not"\n',
                           }.items():
            (root / path).parent.mkdir(parents=True, exist_ok=True)
            (root / path).write_text(text)
        found, known = problems(root)
        return 0 if len(found) == 2 and known == 2 and "a.new-one" in found[0] and "a.gone" in found[1] else 1


def main():
    if sys.argv[1:] == ["--self-test"]:
        return self_test()
    found, known = problems(pathlib.Path(sys.argv[1]))
    print("\n".join(found) or f"{known} kinds of findings are reported and explained")
    return 1 if found or known == 0 else 0


sys.exit(main())
