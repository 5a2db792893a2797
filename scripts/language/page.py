"""Read a Markdown page: its headings and display equations, each with the place where it stands."""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn

FENCE = re.compile(r"\s*(`{3,}|~{3,})(.*)")
HEADING = re.compile(r"#{1,6}\s+(.*?)\s*#*\s*(\{[^{}]*\})?$")
UNCHECKED = re.compile(r"\s*<!--\s*unchecked:\s*(.*?)\s*-->\s*$")
CODE_SPAN = re.compile(r"(`+)(?!`).*?(?<!`)\1(?!`)")
OTHER_DISPLAY = re.compile(
    r"\s*(\\\[|\\begin\{(?!aligned|cases))"
)  # forms that the site's Markdown would display as well


class PageError(Exception):
    """One thing wrong on a page: where it stands, what was found there and what was expected."""

    def __init__(self, page: Page, offset: int, message: str) -> None:
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

    def __init__(self, text: str, name: str | Path) -> None:
        self.text, self.name = text, str(name)
        self.lines = [0, *(match.end() for match in re.finditer("\n", text))]
        reader = PageReader(self)
        for start, line in zip(self.lines, text.splitlines(keepends=True)):
            reader.line(start, line)
        reader.end()
        self.headings, self.displays = reader.headings, reader.displays

    def place(self, offset: int) -> tuple[int, int]:
        """(line, column) of an offset, both from 1."""
        line = bisect_right(self.lines, offset)
        return line, offset - self.lines[line - 1] + 1


class PageReader:
    """Reads a page line by line; what it is inside of (a display, a fence, a comment) decides what a line means."""

    def __init__(self, page: Page) -> None:
        self.page, self.heading = page, ""
        self.headings: list[tuple[int, str]] = []
        self.displays: list[Display] = []
        self.opened: int | None = None  # the offset of the display's LaTeX
        self.fence: str | None = None  # the marks that opened a code block
        self.mark: tuple[int, str] | None = None  # (offset, reason) of an unchecked mark that waits for its display
        self.comment = False

    def fail(self, offset: int, message: str) -> NoReturn:
        """Raise a PageError at the offset."""
        raise PageError(self.page, offset, message)

    def line(self, start: int, line: str) -> None:
        """Take in one line, which begins at the offset `start`."""
        stripped = line.strip()
        if self.opened is not None:
            self.in_display(self.opened, start, line, stripped)
        elif self.fence:
            found = FENCE.match(line)
            if found and found[1].startswith(self.fence) and not found[2].strip():
                self.fence = None
        elif found := FENCE.match(line):
            if found[2].strip().startswith("math"):
                self.fail(start, "found a math fence, expected the display between lines of $$ alone")
            self.fence = found[1]
        elif self.comment or stripped.startswith("<!--"):
            self.in_comment(start, line)
        elif stripped == "$$":
            self.opened = start + len(line)
        else:
            self.in_prose(start, line, stripped)

    def in_display(self, opened: int, start: int, line: str, stripped: str) -> None:
        """A line of a display, or its end."""
        if stripped == "$$":
            self.displays.append(Display(opened, start, self.heading, self.mark and self.mark[1]))
            self.opened = self.mark = None
        elif "$$" in line or not stripped:
            found = "an empty line" if not stripped else "$$ among other text"
            self.fail(start, f"found {found} inside a display, expected $$ alone on a line to end it")

    def in_comment(self, start: int, line: str) -> None:
        """A line of a comment, which may mark the next display as unchecked."""
        self.comment = "-->" not in line
        if found := UNCHECKED.match(line):
            self.mark = (start, found[1])
            if not found[1]:
                self.fail(start, "found an unchecked mark without a reason, expected one")

    def in_prose(self, start: int, line: str, stripped: str) -> None:
        """A line of text or a heading, where no display may begin."""
        if self.mark and stripped:
            self.unused_mark(self.mark[0])
        prose = CODE_SPAN.sub(lambda code: " " * len(code[0]), line)
        if "$$" in prose or OTHER_DISPLAY.match(prose):
            self.fail(start, f"found {stripped[:30]!r}, expected a display to start with $$ alone on a line")
        if found := HEADING.match(line.rstrip()):
            level = len(line) - len(line.lstrip("#"))
            self.headings.append((level, found[1]))
            self.heading = found[1] if level == 2 else self.heading

    def unused_mark(self, offset: int) -> NoReturn:
        """An unchecked mark that no display follows is an error."""
        self.fail(offset, "found an unchecked mark, expected a display equation right after it")

    def end(self) -> None:
        """The end of the page, before which everything must have ended."""
        if self.opened is not None:
            self.fail(self.opened - 1, "found a display without its end, expected $$ alone on a line")
        if self.mark:
            self.unused_mark(self.mark[0])


def read(path: str | Path) -> Page:
    """The page in the file `path`."""
    return Page(Path(path).read_text(encoding="utf-8"), path)
