#!/usr/bin/env python3
"""keys_named.py DRIVER MAILSCOPE ROOT: the READMEs and `view --help` name the keys that the window's table has.

The list of keys in viz/README.md is the help page. Elsewhere each key is named in a phrase; PHRASES says which
commands a phrase promises, and nothing that looks like a key stands beside the phrases."""
import pathlib
import re
import subprocess
import sys

DRIVER, MAILSCOPE, ROOT = sys.argv[1], sys.argv[2], pathlib.Path(sys.argv[3])
PHRASES = {
    "Space plays at a reader's pace": [("Space", "Play or pause")],
    "Space plays it at a reader's pace": [("Space", "Play or pause")],
    "(+ and − change it": [("+", "Faster"), ("−", "Slower")],
    "+ and - change the pace": [("+", "Faster"), ("−", "Slower")],
    "V plays by virtual time instead": [("V", "Play by reading or by virtual time")],
    "the arrow keys step one command or reply back and forth": [("→", "One PDU forth"), ("←", "One PDU back")],
    "Page Down and Page Up go from one narrated step to the next":
        [("PageDown", "Next step of the narration"), ("PageUp", "Previous step of the narration")],
    "1 to 9 jump to chapters": [(str(n), f"Chapter {n}") for n in range(1, 10)],
    "`?` shows all keys": [("?", "Keys")],
    "? shows all keys": [("?", "Keys")],
    "Ctrl+Shift+P finds a command by its name": [("Ctrl Shift P", "All commands")],
}
KEY = re.compile(r"(?<![\w'’])([A-Z]|\?|Ctrl\S*|Space|Esc\w*|Enter|Home|End|Page ?\w+|F\d+)(?![\w'’])")
problems = []


def driver(mode):
    said = subprocess.run([DRIVER, mode], stdout=subprocess.PIPE, text=True, check=True).stdout
    return [tuple(line.split("\t")) for line in said.splitlines()]


def check_text(where, text, names):
    text, said = " ".join(text.split()), 0
    for phrase, promises in sorted(PHRASES.items(), key=lambda item: -len(item[0])):
        if phrase not in text:
            continue
        said += 1
        problems.extend(f"{where}: \"{phrase}\", but {key} is not \"{name}\"" for key, name in promises
                        if (key, name) not in names)
        text = text.replace(phrase, "")
    problems.extend(f"{where}: {key[1]} is named in no phrase that the test knows" for key in KEY.finditer(text))
    if said < 4:
        problems.append(f"{where}: names but {said} keys")


def check_list(readme, rows):
    listed = re.findall(r"^\| `(.*?)` \| (.*?) \|$", readme.split("## Keys", 1)[-1].split("\n## ", 1)[0], re.M)
    wanted = [tuple(row) for row in rows]
    problems.extend(f"viz/README.md: {row} is no line of the help page" for row in listed if row not in wanted)
    problems.extend(f"viz/README.md: {row} of the help page is missing" for row in wanted if row not in listed)


names = driver("names")
readme = (ROOT / "README.md").read_text()
check_text("README.md", readme.split("In the window: ", 1)[1].split("\n\n", 1)[0], names)
help_text = subprocess.run([MAILSCOPE, "view", "--help"], stdout=subprocess.PIPE, text=True, check=True).stdout
check_text("view --help", help_text.split("--at TIME.", 1)[1].split("Options:", 1)[0], names)
check_list((ROOT / "viz/README.md").read_text(), driver("help"))
print("\n".join(problems) or "the texts and the table agree")
sys.exit(1 if problems else 0)
