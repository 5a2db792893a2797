"""The order of the pages: functions by family, and the other folders as their index tells; no list is edited for it.

MkDocs shows it in the sidebar and follows it from page to page. A builder without hooks orders pages by their names.
"""

import re

import layout
from layout import DOCS, FUNCTIONS

LINK = re.compile(r"\]\((\w+\.md)\)")


def nav(families):
    """The `nav` of MkDocs. `families` are those of publish.tables.families."""
    folders = sorted({path.parent for path in layout.pages()} - {DOCS})
    return [*map(name, sorted(DOCS.glob("*.md"))), *(section(folder, families) for folder in folders)]


def section(folder, families):
    """The section of a folder: its index first, then the pages in the order of the story."""
    index = folder / "index.md"
    if folder == FUNCTIONS:
        members = [{family["title"]: [name(folder / f"{f}.md") for f in family["functions"]]} for family in families]
    else:
        linked = list(dict.fromkeys(LINK.findall(index.read_text(encoding="utf-8"))))
        rest = sorted(path.name for path in folder.glob("*.md") if path.name not in ["index.md", *linked])
        members = [name(folder / page) for page in linked + rest]
    return {folder.name.capitalize(): [name(index), *members]}


def name(path):
    """A page as MkDocs calls it."""
    return path.relative_to(DOCS).as_posix()
