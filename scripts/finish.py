"""Makes a built site lighter, whichever builder made it; `mkdocs build` calls this by itself.

    python scripts/finish.py site     the folder with the built pages

Scripts and styles lose their comments, and the theme's stylesheet the rules that no page can use: 10 KB of a visit.
Both are read by a parser; what it can't read ends the run, with the file's name. Pages stay as they are: minify-html
0.18 writes MathML's <mspace/> as a tag without an end, which swallows what follows.
"""

import argparse
import re
import sys
from pathlib import Path

import tinycss2
import tree_sitter_javascript
from tinycss2.ast import Comment, WhitespaceToken
from tree_sitter import Language, Parser

WORD = re.compile(r"[\w-]+")
JAVASCRIPT = Language(tree_sitter_javascript.language())
SKIPPED = {"skip_comments": True, "skip_whitespace": True}


def script(text):
    """`text`, JavaScript, without its comments, indentation and empty lines. Raises ValueError for what is none."""
    source = text.encode()
    tree = Parser(JAVASCRIPT).parse(source)
    if tree.root_node.has_error:
        raise ValueError("found no JavaScript that can be read")
    kept, end, gap = [], 0, b""
    for token in tokens(tree.root_node):
        gap += source[end : token.start_byte]
        end = token.end_byte
        if token.type != "comment":
            kept += [b"\n" if b"\n" in gap else gap, source[token.start_byte : end]]
            gap = b""
    return b"".join(kept).strip().decode()


def tokens(node):
    """The tokens below `node`, in order; a string is one of them."""
    if not node.children or node.type == "string":
        yield node
    else:
        for child in node.children:
            yield from tokens(child)


def style(text, known=None):
    """`text`, CSS, without comments and indentation; if `known` classes and ids are given, without rules for others.

    Raises ValueError for what is no CSS.
    """
    return "".join(written(tinycss2.parse_stylesheet(text, **SKIPPED), known))


def written(rules, known):
    """Each of the rules that is kept, as text."""
    for rule in rules:
        if rule.type == "error":
            raise ValueError(f"line {rule.source_line}: {rule.message}")
        if rule.type == "qualified-rule":
            selectors = [one for one in alternatives(rule.prelude) if known is None or possible(one, known)]
            if selectors:
                yield f"{','.join(map(tight, selectors))}{{{tight(rule.content)}}}"
            continue
        head = f"@{rule.at_keyword}{tight(rule.prelude, strip=False).rstrip()}"
        if rule.content is None:
            yield head + ";"
        elif rule.lower_at_keyword in ("media", "supports", "container", "layer"):
            inner = "".join(written(tinycss2.parse_rule_list(rule.content, **SKIPPED), known))
            if inner or rule.lower_at_keyword == "layer":  # an empty layer has a place in the order
                yield f"{head}{{{inner}}}"
        else:
            yield f"{head}{{{tight(rule.content)}}}"


def alternatives(prelude):
    """The selectors between the commas of a rule's head, each a list of tokens."""
    found = [[]]
    for token in prelude:
        if token == ",":
            found.append([])
        else:
            found[-1].append(token)
    return found


def possible(selector, known):
    """Whether a selector can match on pages that read from left to right, whose classes and ids are among `known`.

    What stands in brackets, as in :is(.a, .b) and :not(.c), is an alternative or an exception, and asks for nothing.
    """
    if any(token.type == "[] block" and token.serialize() == "[dir=rtl]" for token in selector):
        return False
    names = {token.value for token in selector if token.type == "hash"}
    names |= {name.value for dot, name in zip(selector, selector[1:]) if dot == "." and name.type == "ident"}
    return names <= known


def tight(tokens, strip=True):
    """The tokens as text, without comments, and with one space where there is space."""
    text = tinycss2.serialize(squeezed(tokens))
    return text.strip() if strip else text


def squeezed(tokens):
    """The tokens without comments, each run of space as one; inside of blocks and functions too."""
    kept = []
    for token in tokens:
        if isinstance(token, Comment):
            continue
        if isinstance(token, WhitespaceToken):
            if kept and isinstance(kept[-1], WhitespaceToken):
                continue
            token = WhitespaceToken(token.source_line, token.source_column, " ")
        for inside in ("content", "arguments"):
            if isinstance(getattr(token, inside, None), list):
                setattr(token, inside, squeezed(getattr(token, inside)))
        kept.append(token)
    return kept


def finish(site):
    """Rewrite scripts and styles of the built site in the folder `site`. A second run changes nothing."""
    rewrite(site.glob("javascripts/*.js"), script)
    rewrite(site.glob("stylesheets/*.css"), style)
    # Whatever may be a name on a page: the words of the pages, and of the scripts, which may set more.
    sources = [*site.rglob("*.html"), *site.glob("javascripts/*.js"), *site.glob("assets/javascripts/bundle*.js")]
    known = set().union(*(WORD.findall(path.read_text(encoding="utf-8")) for path in sources))
    rewrite(site.glob("assets/stylesheets/**/main*.css"), lambda text: style(text, known))


def rewrite(paths, change):
    """Replace the text of each file by what `change` makes of it. Raises ValueError, which names the file."""
    for path in paths:
        text = path.read_text(encoding="utf-8")
        try:
            path.write_text(change(text), encoding="utf-8")
        except ValueError as error:
            raise ValueError(f"{path}: {error}") from None


def main():
    """The command: finish the folder that it is given, or say in one line what is wrong."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("site", type=Path, help="the folder with the built pages")
    site = parser.parse_args().site
    if not (site / "index.html").is_file():
        sys.exit(f"{site}: found no index.html, expected a built site")
    try:
        finish(site)
    except ValueError as error:
        sys.exit(str(error))


if __name__ == "__main__":
    main()
