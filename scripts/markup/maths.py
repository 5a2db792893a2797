r"""Markdown extension: the TeX that pymdownx.arithmatex found becomes MathML, at build time.

A formula that math-core cannot read, or would print wrongly, ends the build with its file, line and column.
"""

import html
import re
from pathlib import Path

from language.tokens import split
from markdown import Extension
from markdown.treeprocessors import Treeprocessor
from markdown.util import AtomicString
from math_core import LatexError, LatexToMathML
from mkdocs.exceptions import BuildError

# math-core 0.9 lets these pass and prints something else than what was meant.
MISPRINTED = (
    (re.compile(r"\\\\\s*\[[^]]*\]?"), "is printed as text, not as extra space between rows: leave it out"),
    (re.compile(r"\\(boxed|fbox|[bx]?cancel)(?![a-zA-Z])"), "draws a box or a stroke that browsers leave out"),
    (re.compile(r"(?<!\\)%.*"), "is a comment, which the reader never sees: write \\% for a per cent sign"),
    (re.compile(r"\\((re)?newcommand|def)(?![a-zA-Z])"), "defines a command, and every page must read without one"),
)
ALIGNED = re.compile(r"\s*\\begin\{aligned\}(.*)\\end\{aligned\}(.*)", re.DOTALL)
TEXT = re.compile(r"\\text\{([^{}\\$~]*)\}")
CODE = re.compile(r"^ *(```|~~~).*?^ *\1|(`+)[^`\n]+\2", re.DOTALL | re.MULTILINE)
MATH = re.compile(r"<math[^>]*>(.*)</math>", re.DOTALL)

# Asks for one of two forms of a script letter; the font on this site has one.
CHANCERY = "\N{VARIATION SELECTOR-1}"
CONVERTER = LatexToMathML(fancy_error=False)
TITLE = "Permanent link; copying here gives the LaTeX"  # docs/javascripts/site.js sees to that


class MathsError(ValueError):
    """What is wrong with a formula; `at` is the offset in its TeX."""

    def __init__(self, at, message):
        super().__init__(message)
        self.at = at


def mathml(tex, *, display, at=0):
    """Return the inside of the `<math>` element for `tex`. Raises MathsError, with offsets counted from `at`."""
    try:
        made = MATH.fullmatch(CONVERTER.convert_with_local_state(tex, displaystyle=display))[1]
    except LatexError as error:
        offset, message = str(error).split(": ", 1)
        raise MathsError(at + int(offset), message.rstrip(".")) from None
    return made.replace(CHANCERY, "")


def check(tex):
    """Raise MathsError for what math-core would accept and misprint."""
    for pattern, reason in MISPRINTED:
        if found := pattern.search(tex):
            raise MathsError(found.start(), f'"{found[0]}" {reason}')
    if not tex.strip():
        raise MathsError(0, "the formula is empty")


def derivation(tex):
    """Return `tex`, one `aligned` block, as a list with one item a row; None where the rows are of another form.

    One `<math>` a side and the reason as plain text, because a grid of these wraps the reason under its line on a
    narrow screen, which the cells of one MathML table cannot do in every browser.
    """
    block = ALIGNED.fullmatch(tex)
    if not block or r"\begin{aligned}" in block[1]:
        return None
    items = []
    for row_at, row in split(block[1], r"\\"):
        cells = [(block.start(1) + row_at + at, cell) for at, cell in split(row, "&")]
        if not row.strip():
            continue  # a trailing \\
        if len(cells) > 4 or len(cells) > 2 and cells[2][1].strip():
            return None
        sides = [side(cell, at, name) for (at, cell), name in zip(cells, ("left", "right"))]
        items.append("".join(sides) + (reason(*reversed(cells[3])) if len(cells) == 4 else ""))
    if block[2].strip():
        items.append(side(block[2], block.start(2), "right"))
    return f'<ol class="derivation">{"".join(f"<li>{item}</li>" for item in items)}</ol>'


def side(tex, at, name):
    """Return one side of a row as its own `<math>`; nothing for an empty one."""
    if not tex.strip():
        return ""
    return f'<math class="{name}" displaystyle="true">{mathml(tex, display=True, at=at)}</math>'


def reason(tex, at):
    r"""Return a row's reason: `\text{...}` becomes plain text that can wrap, what stands between becomes maths."""
    pieces, end = [], 0
    for text in [*TEXT.finditer(tex), None]:
        between = tex[end : text.start() if text else len(tex)]
        if between.strip():
            pieces.append(f"<math>{mathml(between, display=False, at=at + end)}</math>")
        if text:
            pieces.append(html.escape(text[1], quote=False))
            end = text.end()
    return f'<span class="reason">{"".join(pieces)}</span>'


def locate(docs, before, after):
    """Return 'file:line:column' of the place in the Markdown files under `docs` where `after` follows on `before`.

    Looked up, because the text of a page reaches this extension after snippets and indentation were resolved, and
    no builder but MkDocs would tell it the page's name.
    """
    # A list or a quotation may indent the further lines of a formula.
    pattern = re.compile(
        "(?P<at>)".join(
            "".join(r"[\s>]+" if word.isspace() else re.escape(word) for word in re.findall(r"\S+|\s+", part))
            for part in (before, after)
        )
    )
    for path in sorted(Path(docs).rglob("*.md")):
        text = path.read_text(encoding="utf-8")
        # A guide may quote a mistake in code; that is not the one that was found.
        text = CODE.sub(lambda code: re.sub(r"\S", " ", code[0]), text)
        if found := pattern.search(text):
            at = found.start("at")
            return f"{path.as_posix()}:{text.count(chr(10), 0, at) + 1}:{at - text.rfind(chr(10), 0, at)}"
    return f"{docs}: near {' '.join((before + after).split())!r}"


class MathsTreeprocessor(Treeprocessor):
    """Replace the content of every element of class arithmatex."""

    def __init__(self, md, docs):
        super().__init__(md)
        self.docs = docs

    def run(self, root):
        section, count = "page", 0
        for element in list(root.iter()):
            if re.fullmatch("h[1-6]", element.tag):
                section, count = element.get("id", section), 0
            if element.get("class") == "arithmatex":
                display = element.tag == "div"
                # arithmatex wraps TeX in \[ \] or \( \), and escapes only the former.
                tex = html.unescape(element.text[2:-2]) if display else element.text[2:-2]
                count += display
                try:
                    check(tex)
                    self.replace(element, tex, display, f"eq-{section}-{count}")
                except MathsError as error:
                    mark = "$$" if display else "$"
                    at = min(error.at, len(tex.rstrip()))  # what is missing at the end is missing on its last line
                    place = locate(self.docs, mark + tex[:at], tex[at:] + mark)
                    raise BuildError(f"{place}: {error}") from None
            elif element.tag != "code":
                self.refuse_dollar(element.text)
            self.refuse_dollar(element.tail)

    def refuse_dollar(self, text):
        r"""End the build at a `$` that is neither half of a pair nor escaped (`\$` is a placeholder at this point)."""
        if text and "$" in text:
            before, dollar, after = text.partition("$")
            place = locate(self.docs, before[-20:], dollar + after[:20])
            raise BuildError(
                f'{place}: "$" opens or closes no formula: no blank line may stand in one, no space just '
                r"inside $...$; write \$ for a dollar sign"
            )

    def replace(self, element, tex, display, name):
        """Turn `element` into an inline `<math>`, or into the box of a displayed equation with the id `name`."""
        content = mathml(tex, display=display)
        element.attrib.clear()
        element.set("data-tex", tex.strip())
        if display:
            element.set("class", "equation")
            element.set("id", name)
            element.set("data-search-exclude", "1")  # a search for "log" should not find every formula
            link = f'<a class="headerlink" href="#{name}" aria-label="Link to this equation" title="{TITLE}">¶</a>'
            content = (derivation(tex) or f'<math display="block">{content}</math>') + link
            if rows := content.count("<li>"):
                element.set("data-rows", str(rows))  # for docs/stylesheets/site.css to guess the height
        else:
            element.tag = "math"
        element.text = AtomicString(self.md.htmlStash.store(content))


class MathsExtension(Extension):
    """Registers the tree processor after `toc` (priority 5), which gives the headings their ids."""

    def __init__(self, **kwargs):
        self.config = {"docs": ["docs", "Where to look up the place of a mistaken formula"]}
        super().__init__(**kwargs)

    def extendMarkdown(self, md):
        md.treeprocessors.register(MathsTreeprocessor(md, self.getConfig("docs")), "maths", 4)


def makeExtension(**kwargs):
    """Entry point that Python-Markdown looks for."""
    return MathsExtension(**kwargs)
