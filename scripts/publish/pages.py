"""What is taken from the pages: the formulas of catalogue.json, and how much of each page was checked.

Apart from all that computes: it is cheap, and done whenever a page was edited.
"""

import json
from pathlib import Path

import layout
from language.page import read
from records import FRESH, STALE, ledger

from publish.markdown import table

CHECKING = "../tables/checking.md"


def files(facts, folder):
    """Path below docs/generated -> text, from the JSON text `facts` and the function pages in `folder`.

    Raises language.page.PageError if a page can't be read.
    """
    data = json.loads(facts)
    paths = [folder / f"{function['name']}.md" for function in data["functions"]]
    for function, path in zip(data["functions"], paths):
        function["formulas"] = formulas(path)
    made = {f"{path.stem}/checked.md": checked(*status) for path, status in zip(paths, ledger.statuses(paths))}
    return made | {
        "checking.md": checking(),
        "catalogue.json": json.dumps(data, ensure_ascii=False, indent=1) + "\n",
    }


def formulas(path):
    """The displayed equations of a page: section -> list of LaTeX."""
    page = read(path)
    found = {}
    for display in page.displays:
        found.setdefault(display.heading, []).append(page.text[display.start : display.stop].strip())
    return found


def checked(counts, state):
    """How many steps of a page the last check passed, from its `ledger.status`."""
    if state != FRESH:
        said = "have changed since they were last checked" if state == STALE else "have not been checked yet"
        return f"The equations of this page {said}. [How this site is checked]({CHECKING})\n"
    verified = f", {counts['verified']} verified to 50 digits" if counts["verified"] else ""
    return f"[{counts['relations']} steps checked]({CHECKING}): {counts['proved']} proved{verified}.\n"


def checking():
    """The counts of the last check, over all pages and for each, and the displays that are marked as no claim."""
    record = ledger.read()
    if not record["pages"]:
        return "No page has been checked yet.\n"
    total = record["totals"]
    share = f"{100 * total['steps_proved'] / total['steps']:.1f}"
    marked = [(name, *mark) for name, counts in record["pages"].items() for mark in counts["unchecked"]]
    text = (
        f"At the last check, {len(record['pages'])} pages held {total['equations']} displayed equations: "
        f"{total['definitions']} definitions and {total['relations']} claims, counted step by step. Of the claims, "
        f"**{total['proved']} were proved** and {total['verified']} verified with numbers; of the equalities among "
        f"them, {share} % were proved. {len(marked) or 'No'} display{'' if len(marked) == 1 else 's'} could not be a "
        "claim.\n\n"
    )
    rows = [
        (
            f"[{title(layout.ROOT / name)}]({Path('..', *Path(name).parts[1:]).as_posix()})",
            *(str(counts[key]) for key in ("equations", "definitions", "relations", "proved", "verified")),
        )
        for name, counts in record["pages"].items()
        if (layout.ROOT / name).is_file()  # a page may have gone since
    ]
    text += table(("Page", "Displays", "Definitions", "Claims", "Proved", "Verified"), rows, "lrrrrr")
    if marked:
        text += "\n" + table(
            ("Display that is no claim", "Reason"), [(f"`{name}:{line}`", reason) for name, line, reason in marked]
        )
    return text


def title(path):
    """The text of a page's first heading."""
    return next(line[2:] for line in Path(path).read_text(encoding="utf-8").splitlines() if line.startswith("# "))
