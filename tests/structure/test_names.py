#!/usr/bin/env python3
"""Fails when ctest could not find a test by its name: a semicolon would cut it in two, and both halves would
run nothing and pass; a name that begins as an option of Catch2 or a pattern would be read as one.
Argument: the root of the tree."""
import pathlib
import re
import sys

NAME = re.compile(r'^TEST_CASE\("((?:[^"\\\\]|\\\\.)*)"', re.M)

names = []
for file in sorted(pathlib.Path(sys.argv[1], "tests").rglob("*.cpp")):
    names += [(file, name) for name in NAME.findall(file.read_text(encoding="utf-8"))]
bad = [f"{file}: {name}" for file, name in names if ";" in name or "\\" in name or name[0] in "-~*['"]
print("\n".join(bad) or f"{len(names)} test names are whole")
sys.exit(1 if bad or not names else 0)
