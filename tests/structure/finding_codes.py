#!/usr/bin/env python3
"""Fails when the code reports a finding that the registry (captures/trace/finding_kinds.cpp) does not have, or the
registry has one that nobody reports.

    finding_codes.py ROOT
    finding_codes.py --self-test  checks that the check can fail
"""
import pathlib
import re
import sys
import tempfile

REGISTRY = "captures/trace/finding_kinds.cpp"
WHERE = ["protocols", "captures", "sim", "scenarios"]
CODE = re.compile(r'"([a-z][a-z0-9]*\.[a-z][a-z0-9]*(?:-[a-z0-9]+)*)"')


def without_comments(text):
    return re.sub(r"^\s*//.*$|//[^\"\n]*$|^#include.*$|\s// \".*$", "", text, flags=re.M)


def problems(root):
    known = set(re.findall(r'^\s*\{"([^"]+)"', (root / REGISTRY).read_text(encoding="utf-8"), re.M))
    found, reported = [], set()
    for folder in WHERE:
        for file in sorted((root / folder).rglob("*.?pp")):
            path = file.relative_to(root).as_posix()
            if path == REGISTRY:
                continue
            for code in CODE.findall(without_comments(file.read_text(encoding="utf-8"))):
                reported.add(code)
                if code not in known:
                    found.append(f'{path}: "{code}" does not stand in {REGISTRY}')
    found += [f"{REGISTRY}: nobody reports {code}" for code in sorted(known - reported)]
    return found, len(known)


def self_test():
    with tempfile.TemporaryDirectory() as name:
        root = pathlib.Path(name)
        for path, text in {REGISTRY: 'constexpr kKinds[] = {\n    {"a.one", 1},\n    {"a.gone", 1},\n',
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
