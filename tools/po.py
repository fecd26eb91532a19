"""Reads gettext catalogues (po files): what tools/catalogue compiles and tools/messages checks."""
import re
from pathlib import Path

STRING = re.compile(r'"((?:[^"\\]|\\.)*)"')
UNESCAPE = {"n": "\n", "t": "\t", "r": "\r", '"': '"', "\\": "\\"}


class Mistake(Exception):
    pass


class Entry:
    def __init__(self, line):
        self.line, self.message, self.translation = line, None, None
        self.is_fuzzy = False


def unescape(text):
    return re.sub(r"\\(.)", lambda m: UNESCAPE.get(m.group(1), m.group(1)), text)


def read(path):
    """Every entry of the file but its header, in order. Raises Mistake with place and sentence."""
    entries, current, field, fuzzy = [], None, None, False
    for number, line in enumerate(Path(path).read_text(encoding="utf-8").splitlines(), 1):
        line = line.strip()
        if not line or line.startswith("#"):
            field = None
            fuzzy = fuzzy or (line.startswith("#,") and "fuzzy" in line)
            continue
        keyword, space, rest = line.partition(" ")
        if keyword == "msgid":
            current, field = Entry(number), "message"
            current.is_fuzzy, fuzzy = fuzzy, False
            entries.append(current)
        elif keyword == "msgstr" and current:
            field = "translation"
        elif line.startswith('"') and field:
            rest = line
        else:
            raise Mistake(f"{path}:{number}: expected msgid, msgstr or a quoted line")
        found = STRING.fullmatch(rest.strip())
        if not found:
            raise Mistake(f"{path}:{number}: a text must stand in one pair of quotes")
        setattr(current, field, (getattr(current, field) or "") + unescape(found.group(1)))
    return [e for e in entries if e.message]
