#!/usr/bin/env python3
"""Fails when clang-tidy 14 has something to say of the sources in a folder and below (.clang-tidy says what it is asked).

    tidy.py ROOT BUILD FOLDER  a folder of BUILD/compile_commands.json, as protocols/smtp
    tidy.py --self-test        checks that the check can fail

Most of a file's time goes into the headers of the libraries; so the files of a folder are looked at as one. Two files
that use one name for their own things don't fit together: the second goes into the next turn.
"""
import json
import pathlib
import re
import shlex
import shutil
import subprocess
import sys
import tempfile

TIDY = "clang-tidy-14"
CONFIG = pathlib.Path(__file__).resolve().parents[2] / ".clang-tidy"
SAID = re.compile(r"^(.*?):\d+:\d+: (warning|error|fatal error): .*\[[^\]]+\]$", re.M)


def sources_in(file):
    """The sources that a file holds which CMake put together (MAILSCOPE_UNITY); else the file itself."""
    if not re.fullmatch(r"unity_\d+_cxx\.cxx", file.name):
        return [file]
    return [pathlib.Path(name) for name in re.findall(r'^#include "(.*)"$', file.read_text(), re.M)]


def commands(build, folder):
    """Each source's compiler options, without what only the other compiler understands."""
    found = {}
    entries = json.loads((build / "compile_commands.json").read_text())
    for file, command in ((file, entry["command"]) for entry in entries for file in sources_in(pathlib.Path(entry["file"]))):
        if folder not in file.parents:
            continue
        words = shlex.split(command)
        kept = [word for i, word in enumerate(words) if word.startswith(("-I", "-D", "-std=")) or
                word == "-isystem" or words[i - 1] == "-isystem"]
        found[file] = kept + ["-I", str(file.parent)]
    return found


def look(files, options, scratch):
    together = scratch / "together.cpp"
    together.write_text("".join(f'#include "{file}"\n' for file in files))
    result = subprocess.run([TIDY, "--quiet", f"--config-file={CONFIG}", str(together), "--", *options,
                             "-Wno-everything", "-ferror-limit=0"], capture_output=True, text=True)
    said, in_the_way = [], set()
    for line in SAID.finditer(result.stdout):
        file = pathlib.Path(line[1])
        if line[2] == "warning":
            said.append((file, line[0]))
        else:
            in_the_way.add(file)
    # What doesn't compile ends with 1. Any other end that is not 0 is one of the program's own: it saw nothing.
    if result.returncode != (1 if in_the_way else 0):
        return [f"{TIDY} ended with {result.returncode}:\n{result.stdout}{result.stderr}"], set(), result.stdout
    # An error in one file may be told of another: what it says of that one counts in the next turn.
    return [text for file, text in said if file not in in_the_way], in_the_way, result.stdout


def problems(commands_of, scratch):
    found, files = [], sorted(commands_of)
    options = [word for file in files for word in commands_of[file]]
    while files:
        said, in_the_way, output = look(files, options, scratch)
        found += said
        again = [file for file in files if file in in_the_way]
        if len(again) == len(files) or (in_the_way and not again):
            return found + [output]  # it does not compile
        files = again
    return sorted(set(found))


def finds_wrong_names():
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name, "protocols")
        folder.mkdir()
        own = "namespace { int helper() { return 1; } }\n"
        (folder / "a.cpp").write_text(own + "int Wrong_Name() { return helper(); }\n")
        (folder / "b.cpp").write_text(own + "int good() { return helper(); }\nint Other_Name() { return 2; }\n")
        found = problems({folder / "a.cpp": ["-std=c++20"], folder / "b.cpp": []}, pathlib.Path(name))
        return len(found) == 2 and all("Name" in line for line in found)


def finds_that_it_ended(how):
    """A clang-tidy that says nothing and ends so is no clean folder."""
    global TIDY
    with tempfile.TemporaryDirectory() as name:
        broken, known = pathlib.Path(name, "broken"), TIDY
        broken.write_text(f"#!/bin/sh\n{how}\n")
        broken.chmod(0o755)
        source = pathlib.Path(name, "a.cpp")
        source.write_text("int good();\n")
        TIDY = str(broken)
        found = problems({source: []}, pathlib.Path(name))
        TIDY = known
        return len(found) == 1


def self_test():
    return 0 if finds_wrong_names() and finds_that_it_ended("kill -SEGV $$") and finds_that_it_ended("exit 1") else 1


def main():
    if not shutil.which(TIDY):
        print(f"skipped: {TIDY} is not installed")
        return 77
    if sys.argv[1:] == ["--self-test"]:
        return self_test()
    root, build, folder = pathlib.Path(sys.argv[1]).resolve(), pathlib.Path(sys.argv[2]).resolve(), sys.argv[3]
    commands_of = commands(build, root / folder)
    with tempfile.TemporaryDirectory() as scratch:
        found = problems(commands_of, pathlib.Path(scratch))
    print("\n".join(found) or f"nothing to say of {len(commands_of)} files")
    return 1 if found or not commands_of else 0


sys.exit(main())
