#!/usr/bin/env python3
"""Fails when a golden belongs to nothing: its scenario is gone, or no test beside it names it.

    goldens.py ROOT
    goldens.py --self-test  checks that the check can fail
"""
import pathlib
import sys
import tempfile


def problems(root):
    scenarios = {file.stem for file in (root / "scenarios/lessons").glob("*.toml")}
    found, seen = [], 0
    for file in sorted((root / "tests").rglob("goldens/*")):
        seen += 1
        tests = "".join(test.read_text(encoding="utf-8") for test in file.parent.parent.glob("*.cpp"))
        of_scenario = file.parent.parent.name == "scenarios" and file.stem in scenarios
        if not of_scenario and f'"{file.name}"' not in tests:
            found.append(f"{file.relative_to(root).as_posix()}: neither a scenario's nor a test's")
    return found, seen


def self_test():
    with tempfile.TemporaryDirectory() as name:
        root = pathlib.Path(name)
        for path, text in {"scenarios/lessons/maa.toml": "", "tests/scenarios/goldens/maa.txt": "",
                           "tests/scenarios/goldens/gone.txt": "", "tests/export/goldens/a.json": "",
                           "tests/export/goldens/b.json": "", "tests/export/a_test.cpp": 'golden("a.json")'}.items():
            (root / path).parent.mkdir(parents=True, exist_ok=True)
            (root / path).write_text(text)
        found, seen = problems(root)
        gone = [line.split(":")[0] for line in found]
        return 0 if seen == 4 and gone == ["tests/export/goldens/b.json", "tests/scenarios/goldens/gone.txt"] else 1


def main():
    if sys.argv[1:] == ["--self-test"]:
        return self_test()
    found, seen = problems(pathlib.Path(sys.argv[1]))
    print("\n".join(found) or f"each of {seen} goldens belongs to something")
    return 1 if found or seen == 0 else 0


sys.exit(main())
