"""What a reader's browser does without: comments in scripts and styles, and rules of the theme that no page uses."""

import re

COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
NAME = re.compile(r"[.#](-?[A-Za-z_][\w-]*)")
# What a selector may hold without asking for it: alternatives, exceptions, attributes.
OPTIONAL = re.compile(r":(?:not|is|where|has)\([^()]*\)|\[[^]]*\]")
# A rule and its body, a group of rules such as @media, or a statement such as @charset; no string holds a brace.
BLOCK = re.compile(r"([^{};]*)\{((?:[^{}]|\{[^{}]*\})*)\}|[^{};]*;")


def script(text):
    """`text` without indentation and comments, which begin with two slashes and a space."""
    lines = re.sub(r"(^|\s)// .*", "", text, flags=re.MULTILINE).splitlines()
    return "\n".join(filter(None, map(str.strip, lines)))


def style(text):
    """`text` without indentation and comments."""
    return "\n".join(filter(None, map(str.strip, COMMENT.sub("", text).splitlines())))


def names(pages, scripts):
    """The classes and ids of the pages, and all words of the scripts, which may set more."""
    found = {
        name for page in pages for value in re.findall(r'\b(?:class|id)="([^"]*)"', page) for name in value.split()
    }
    return found.union(*(re.findall(r"[\w-]+", text) for text in scripts))


def wanted(selector, known):
    """Whether what `selector` names can be on a page, which reads from left to right."""
    if "[dir=rtl]" in selector:
        return False
    while selector != (selector := OPTIONAL.sub("", selector)):
        pass
    return known.issuperset(NAME.findall(selector))


def used(stylesheet, known):
    """`stylesheet`, minified, without the rules for classes and ids that are not among `known`."""
    kept = []
    for block in BLOCK.finditer(stylesheet):
        prelude, body = block.groups()
        if prelude is None or prelude.startswith("@") and "{" not in body:
            kept.append(block[0])
        elif prelude.startswith(("@media", "@supports", "@container")):
            if inner := used(body, known):
                kept.append(f"{prelude}{{{inner}}}")
        elif prelude.startswith("@"):
            kept.append(block[0])
        else:
            selectors = [one for one in re.split(r",(?![^()]*\))", prelude) if wanted(one, known)]
            if selectors:
                kept.append(f"{','.join(selectors)}{{{body}}}")
    return "".join(kept)
