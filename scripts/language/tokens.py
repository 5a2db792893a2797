r"""The words of the language: what a display's LaTeX is cut into, and a reader that walks along them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, NoReturn, TypeVar

from .page import Page, PageError
from .tree import Span

T = TypeVar("T")
TOKEN = re.compile(
    r"""
      (?P<space>\s+|\\[,;:!]|\\\s|%[^\n]*|\\(?:left|right|[bB]igg?[lr]?|displaystyle|limits|,)(?![A-Za-z]))
    | (?P<text>\\text\{(?P<words>[^{}]*)\})
    | (?P<name>\\operatorname\{(?P<letters>[A-Za-z][A-Za-z0-9\\_-]*)\})
    | (?P<d>\\mathrm\s*(?:d(?![A-Za-z]{3})|\{d\}))
    | (?P<ones>\\(?:mathbf|mathbb)\s*(?:1|\{1\}))
    | (?P<command>\\(?:begin|end)\{[a-z]+\*?\}|\\[A-Za-z]+|\\[\\{}|])
    | (?P<number>\d+(?:\.\d+)?)
    | (?P<letter>[A-Za-z])
    | (?P<mark>[-+*/=<>(){}\[\],;'^_&|!.])
""",
    re.VERBOSE,
)
GREEK = {
    "\\" + name
    for name in """alpha beta gamma delta epsilon varepsilon zeta eta theta vartheta iota kappa lambda mu nu
    xi rho varrho
    sigma tau upsilon phi varphi chi psi omega Gamma Delta Theta Lambda Xi Sigma Upsilon Phi Psi Omega ell""".split()
}
RELATIONS = {
    "=": "=",
    "<": "<",
    ">": ">",
    "\\le": r"\le",
    "\\leq": r"\le",
    "\\ge": r"\ge",
    "\\geq": r"\ge",
    "\\ne": r"\ne",
    "\\neq": r"\ne",
    "\\approx": r"\approx",
    "\\to": r"\to",
}
FRACTIONS = {"\\frac", "\\tfrac", "\\dfrac"}
DECORATIONS = {"\\hat", "\\tilde", "\\bar"}


@dataclass(frozen=True)
class Token:
    """A word of the language; `kind` is a group of TOKEN or "end"; it is text[start:stop] of the page."""

    kind: str
    text: str
    start: int
    stop: int

    @property
    def is_symbol(self) -> bool:
        """Whether it may name a variable or a function: a letter, an operator's name, a decoration."""
        return self.kind in ("letter", "name") or self.text in GREEK or self.text in DECORATIONS


def tokenize(page: Page, start: int, stop: int) -> list[Token]:
    """The tokens of page.text[start:stop], spaces dropped, ended by one token of kind "end"."""
    tokens: list[Token] = []
    position = start
    while position < stop:
        match = TOKEN.match(page.text, position, stop)
        if not match:
            found = re.findall(r"\\?[A-Za-z]+|\\?.", page.text[position:stop])[0]
            raise PageError(page, position, f"found {found}, which the language of these pages doesn't have")
        kind, text, end = match.lastgroup or "", match[0], match.end()
        if match["text"] is not None:
            kind, text = "text", match["words"].strip()
        elif match["name"] is not None:
            kind, text = "name", match["letters"]
        elif kind in ("d", "ones"):
            text = kind
        if kind == "number" and len(text) > 1 and takes_one_digit(tokens):
            text, end = text[0], position + 1
        if kind != "space":
            tokens.append(Token(kind, text, position, end))
        position = end
    stop = tokens[-1].stop if tokens else start
    return [*tokens, Token("end", "the end of the display", stop, stop)]


def takes_one_digit(tokens: list[Token]) -> bool:
    r"""Whether a number right after these tokens ends after its first digit: \frac12 is 1/2, as in TeX."""
    if not tokens:
        return False
    return tokens[-1].text in FRACTIONS or tokens[-1].kind == "number" and tokens[-2].text in FRACTIONS


def split(tex: str, separator: str) -> list[tuple[int, str]]:
    r"""Split at each `separator` (`&` or `\\`) outside braces and inner environments, as (offset, part) pairs.

    It cuts words as `tokenize` does, but passes over what the language doesn't have: that is the checker's to refuse.
    """
    parts, start, depth, position = [], 0, 0, 0
    while position < len(tex):
        match = TOKEN.match(tex, position)
        text = match[0] if match else tex[position : position + 1 + (tex[position] == "\\")]
        if text == separator and not depth:
            parts.append((start, tex[start:position]))
            start = position + len(text)
        depth += nesting(text)
        position += len(text)
    return [*parts, (start, tex[start:])]


def nesting(text: str) -> int:
    """By how much a token's text opens (+1) or closes (-1) braces and environments."""
    return (text == "{" or text.startswith("\\begin")) - (text == "}" or text.startswith("\\end"))


class Reader:
    """A place among the tokens of one display, and what may be asked of it; the parser is built on it."""

    def __init__(self, page: Page, tokens: list[Token]) -> None:
        self.page, self.tokens, self.position = page, tokens, 0

    @property
    def token(self) -> Token:
        """The token at the place."""
        return self.tokens[self.position]

    def ahead(self, steps: int = 1) -> Token:
        """The token so many steps further on."""
        return self.tokens[self.position + steps]

    def at(self, *texts: str) -> bool:
        r"""Whether one of these marks or commands stands here (the words of \text and \operatorname never do)."""
        return self.token.text in texts and self.token.kind not in ("text", "name")

    def at_word(self, *words: str) -> bool:
        r"""Whether \text{...} with one of these contents stands here."""
        return self.token.kind == "text" and self.token.text in words

    def next(self) -> Token:
        """Step over the token here and return it."""
        self.position += 1
        return self.tokens[self.position - 1]

    def take(self, *texts: str) -> Token | None:
        """Step over one of these if it stands here and return it, else None."""
        if self.at(*texts):
            return self.next()
        return None

    def expect(self, *texts: str) -> Token:
        """Step over one of these and return it; anything else is an error."""
        return self.take(*texts) or self.fail(f"expected {' or '.join(texts)}")

    def fail(self, message: str, token: Token | None = None) -> NoReturn:
        """Raise a PageError at the token, or here."""
        token = token or self.token
        raise PageError(self.page, token.start, f"found {self.shown(token)}, {message}")

    def shown(self, token: Token) -> str:
        """The token as the page has it."""
        return token.text if token.kind == "end" else self.page.text[token.start : token.stop]

    def span(self, start: int) -> Span:
        """The offsets from the token of that number to the place."""
        return (self.tokens[start].start, self.tokens[self.position - 1].stop)

    def find(self, *texts: str) -> int:
        """The position of the first of these tokens outside braces and inner environments, else of the end."""
        depth = 0
        for position in range(self.position, len(self.tokens)):
            token = self.tokens[position]
            if token.kind in ("mark", "command"):
                text = "&&" if token.text == "&" == self.tokens[position + 1].text else token.text
                if depth == 0 and text in texts:
                    return position
                depth += nesting(text)
        return position

    def braced(self, read: Callable[..., T], *arguments: Any) -> T:
        """What `read` gives, with or without braces around it."""
        braces = self.take("{")
        value = read(*arguments)
        if braces:
            self.expect("}")
        return value

    def whole(self, message: str, digits: int = 1) -> str:
        """A positive whole number of so many digits at most, as its text."""
        token = self.token
        if token.kind != "number" or "." in token.text or len(token.text) > digits or token.text == "0":
            self.fail(message)
        return self.next().text

    @contextmanager
    def standing(self, position: int) -> Iterator[None]:
        """Read elsewhere: afterwards the place is what it was."""
        back, self.position = self.position, position
        yield
        self.position = back
