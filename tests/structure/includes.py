#!/usr/bin/env python3
"""Fails when a folder includes one that stands above it (the order is that of the README's picture).

    includes.py ROOT          checks the tree
    includes.py --self-test   checks that the check can fail
"""
import pathlib
import re
import sys
import tempfile

# What each folder may include, beside itself. captures/ and viz/ have an order of their own within.
ALLOWED = {
    "protocols/base": [],
    "protocols": ["protocols/base"],
    "captures/trace": ["protocols"],
    "captures/pcap": ["protocols", "captures/trace"],
    "captures/tcp": ["protocols", "captures/trace", "captures/languages"],
    "captures/languages": ["protocols", "captures/trace"],
    "captures/observe": ["protocols", "captures/trace", "captures/languages", "captures/pcap", "captures/tcp"],
    "captures/export": ["protocols", "captures"],
    "sim/kernel": ["protocols", "captures/trace"],
    "sim/net": ["protocols", "captures/trace", "sim/kernel"],
    "sim/hosts": ["protocols", "captures/trace", "sim/kernel", "sim/net"],
    "sim/live": ["protocols", "captures/trace", "sim/kernel", "sim/net"],
    "scenarios/lessons": [],
    "scenarios/reading": ["protocols", "captures/trace", "captures/languages", "sim", "scenarios/lessons"],
    "scenarios/playing": ["protocols", "captures", "sim", "scenarios"],
    "viz/layout": ["protocols", "captures"],
    "viz/window": ["protocols", "captures", "viz/layout"],
    "viz/cli": ["protocols", "captures", "sim", "scenarios", "viz"],
}
# What an engine must not use: sockets, clocks, threads, randomness, files.
NO_IO = re.compile(r"<(sys/socket\.h|netdb\.h|unistd\.h|thread|mutex|chrono|ctime|time\.h|random|fstream|iostream|cstdio|filesystem|boost/asio.*)>")
INCLUDE = re.compile(r'^\s*#\s*include\s+(?:"([^"]+)"|(<[^>]+>))', re.M)


def rule_for(path):
    return max((folder for folder in ALLOWED if path.startswith(folder + "/")), key=len, default=None)


def problems(root):
    found = []
    checked = 0
    for file in sorted(root.rglob("*.[ch]pp")):
        path = file.relative_to(root).as_posix()
        folder = rule_for(path)
        if folder is None:
            continue
        checked += 1
        for own, system in INCLUDE.findall(file.read_text(encoding="utf-8")):
            if system and folder.startswith("protocols") and NO_IO.fullmatch(system):
                found.append(f"{path}: an engine does no I/O, but this includes {system}")
            top = own.split("/")[0]
            if own and top in ("protocols", "captures", "sim", "scenarios", "viz", "tests"):
                allowed = ALLOWED[folder] + [folder]
                if not any(own.startswith(name + "/") for name in allowed):
                    found.append(f"{path}: may not include {own}")
    return found, checked


def self_test():
    with tempfile.TemporaryDirectory() as name:
        root = pathlib.Path(name)
        (root / "protocols/smtp").mkdir(parents=True)
        (root / "protocols/smtp/a.cpp").write_text('#include "sim/net/link.hpp"\n#include <thread>\n')
        found, _ = problems(root)
        return 0 if len(found) == 2 else 1


def main():
    if sys.argv[1:] == ["--self-test"]:
        return self_test()
    found, checked = problems(pathlib.Path(sys.argv[1]))
    print("\n".join(found) or f"{checked} files include nothing above them")
    return 1 if found or checked == 0 else 0


sys.exit(main())
