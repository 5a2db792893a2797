"""Read a Markdown page: its headings and display equations, each with the place where it stands."""

import re
from bisect import bisect_right
from dataclasses import dataclass
from pathlib import Path

FENCE = re.compile(r"\s*(`{3,}|~{3,})(.*)")
HEADING = re.compile(r"#{1,6}\s+(.*?)\s*#*\s*(\{[^{}]*\})?$")
UNCHECKED = re.compile(r"\s*<!--\s*unchecked:\s*(.*?)\s*-->\s*$")
CODE_SPAN = re.compile(r"(`+)(?!`).*?(?<!`)\1(?!`)")
OTHER_DISPLAY = re.compile(
    r"\s*(\\\[|\\begin\{(?!aligned|cases))"
)  # forms that the site's Markdown would display as well


class PageError(Exception):
    """One thing wrong on a page: where it stands, what was found there and what was expected."""

    def __init__(self, page, offset, message):
        self.offset, self.message = offset, message
        self.line, self.column = page.place(offset)
        super().__init__(f"{page.name}:{self.line}:{self.column}: {message}")


@dataclass(frozen=True)
class Display:
    """One `$$` block: the offsets of its LaTeX, its `##` heading, and why it is unchecked (or None)."""

    start: int
    stop: int
    heading: str
    unchecked: str | None


class Page:
    """A page's text, its `displays`, its `headings` as (level, text), and the `place` of an offset."""

    def __init__(self, text, name):
        self.text, self.name = text, str(name)
        self.lines = [0, *(match.end() for match in re.finditer("\n", text))]
        self.headings, self.displays = [], []
        self._read()

    def place(self, offset):
        line = bisect_right(self.lines, offset)
        return line, offset - self.lines[line - 1] + 1

    def _read(self):
        heading, fence, opened, mark, comment = "", None, None, None, False
        for start, line in zip(self.lines, self.text.splitlines(keepends=True)):
            stripped = line.strip()
            if opened is not None:
                if stripped == "$$":
                    self.displays.append(Display(opened, start, heading, mark and mark[1]))
                    opened = mark = None
                elif "$$" in line or not stripped:
                    found = "an empty line" if not stripped else "$$ among other text"
                    raise PageError(
                        self, start, f"found {found} inside a display, expected $$ alone on a line to end it"
                    )
                continue
            match = FENCE.match(line)
            if fence:
                if match and match[1].startswith(fence) and not match[2].strip():
                    fence = None
                continue
            if match:
                if match[2].strip().startswith("math"):
                    raise PageError(self, start, "found a math fence, expected the display between lines of $$ alone")
                fence = match[1]
                continue
            if comment or stripped.startswith("<!--"):
                comment = "-->" not in line
                if found := UNCHECKED.match(line):
                    mark = (start, found[1])
                    if not found[1]:
                        raise PageError(self, start, "found an unchecked mark without a reason, expected one")
                continue
            if stripped == "$$":
                opened = start + len(line)
                continue
            if mark and stripped:
                raise PageError(self, mark[0], "found an unchecked mark, expected a display equation right after it")
            prose = CODE_SPAN.sub(lambda code: " " * len(code[0]), line)
            if "$$" in prose or OTHER_DISPLAY.match(prose):
                raise PageError(
                    self, start, f"found {stripped[:30]!r}, expected a display to start with $$ alone on a line"
                )
            if match := HEADING.match(line.rstrip()):
                level = len(line) - len(line.lstrip("#"))
                self.headings.append((level, match[1]))
                heading = match[1] if level == 2 else heading
        if opened is not None:
            raise PageError(self, opened - 1, "found a display without its end, expected $$ alone on a line")
        if mark:
            raise PageError(self, mark[0], "found an unchecked mark, expected a display equation right after it")


def read(path):
    """The page in the file `path`."""
    return Page(Path(path).read_text(encoding="utf-8"), path)
