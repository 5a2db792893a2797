"""Which sentences of the guides are held by which function, and the sentences that a guide has."""

import re

import layout

HELD = []  # (page, sentences, function)


def says(page, *sentences):
    """The decorated function asserts of the results that these sentences of the page are true."""

    def register(check):
        HELD.append((page, sentences, check))
        return check

    return register


def joined(text):
    """A text with its lines joined, so that a sentence is one string."""
    return " ".join(text.split())


def page(name):
    return (layout.DOCS / "guide" / f"{name}.md").read_text(encoding="utf-8")


def spoken(text, first, last):
    """The passages of a page between these marks."""
    return [part.partition(last)[0] for part in text.split(first)[1:]]


def sentences(passage):
    """The sentences of a passage, without pieces, headings, equations and marks of a list."""
    passage = re.sub(r"\$\$.*?\$\$", "", passage, flags=re.DOTALL)
    lines = [line for line in passage.splitlines() if not line.startswith(("--8<--", "#", "|", " {"))]
    text = "\n".join(re.sub(r"^- (.*)", r"\n\1", line) for line in lines)
    for block in re.split(r"\n\s*\n", text):
        yield from (s for s in re.split(r"(?<=[.?!]) (?=[A-Z*\[`])|(?<=\.\*\*) (?=[A-Z])", joined(block)) if s)
