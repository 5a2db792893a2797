"""The formulas of the pages for catalogue.json. Apart from all that computes: it runs whenever a page was edited."""

import json

from derivations import page as pages


def catalogue(facts, folder):
    """The text of catalogue.json: the JSON text `facts`, and for each function the equations of its page in `folder`.

    Raises derivations.page.PageError if a page can't be read.
    """
    data = json.loads(facts)
    for function in data["functions"]:
        function["formulas"] = formulas(folder / f"{function['name']}.md")
    return json.dumps(data, ensure_ascii=False, indent=1) + "\n"


def formulas(path):
    """The displayed equations of a page: section -> list of LaTeX."""
    page = pages.read(path)
    found = {}
    for display in page.displays:
        found.setdefault(display.heading, []).append(page.text[display.start : display.stop].strip())
    return found
