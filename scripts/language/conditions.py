r"""Conditions: what stands after \quad, in mathematics and a few words of English."""

import re
from collections.abc import Iterator
from functools import cache

from .expressions import Expressions
from .page import Page
from .scope import Scope
from .tokens import GREEK, RELATIONS, tokenize
from .tree import Compare, Either, Member, Node, Span, Symbol, Tends, infinite

CONNECTIVES = {"for", "for all", "for every", "if", "and", "as", "where", "with", "when"}
ARBITRARY = re.compile(r"for (all|every) (twice )?(differentiable|smooth)( functions)?")
FORM = "a condition is such as z > 0, \\alpha \\in \\mathbb{R} or i, j = 1, \\dots, n"


class Conditions(Expressions):
    """Reads lists of conditions, which may declare symbols; `definition_here` is left to the display's parser."""

    def conditions_at(self, position: int, conditions: list[Node]) -> int:
        """Read the conditions at `position` into the list; return where they end. The parser stays where it was."""
        with self.standing(position):
            while self.take("\\quad", "\\qquad"):
                pass
            if self.position > position:
                self.condition_list(conditions)
            return self.position

    def condition_list(self, conditions: list[Node]) -> None:
        """Conditions and words up to the end of the row, added to the list."""
        pending: list[tuple[str, Span]] = []  # x and y of "x, y > 0"
        while self.token.kind != "end" and not self.at("&", "\\\\", "\\end{aligned}"):
            if self.take(",", "\\quad", "\\qquad", ".", ";"):
                continue
            if self.token.kind == "text":
                self.word(conditions)
            else:
                self.condition(conditions, pending)
        if pending:
            self.fail("expected a relation after the last symbol of the condition")

    def word(self, conditions: list[Node]) -> None:
        """A word between conditions: a connective, “or”, or what introduces arbitrary functions."""
        start = self.position
        words = self.next().text.strip(" ,")
        if ARBITRARY.fullmatch(words):
            self.scope.arbitrary += tuple(self.arbitrary_names())
        elif words == "or":
            last: list[Node] = []
            self.condition_list(last)
            if not conditions:
                self.fail("expected a condition before “or”", self.tokens[start])
            previous = conditions.pop()
            conditions.append(Either(((previous,), tuple(last)), span=self.span(start)))
        elif words not in CONNECTIVES:
            known = ", ".join(sorted(CONNECTIVES | {"or"}))
            self.fail(f"expected a condition, or one of: {known}", self.tokens[start])

    def arbitrary_names(self) -> Iterator[str]:
        """f, h of “for all differentiable f, h”."""
        while self.token.kind == "letter" or self.token.text in GREEK:
            if self.ahead().text in {"\\in", "(", *RELATIONS}:
                break  # c of "for all differentiable f, c \\in \\mathbb{R}", and f(z) of a condition on it
            yield self.next().text
            self.take(",")

    def condition(self, conditions: list[Node], pending: list[tuple[str, Span]]) -> None:
        """One condition, or a symbol whose condition follows after others (which goes to `pending`)."""
        start = self.position
        name = self.bare_symbol()
        if name and (self.at(",") or self.at_word("and", ",")):
            pending.append((name, self.span(start)))
        elif name and (self.at("\\in", "\\sim", "\\to") or self.at("=") and self.range_follows()):
            self.declaration([*(symbol for symbol, _ in pending), name], conditions, start)
            pending.clear()
        elif not (name and self.at("=") and not pending and self.definition_here(name, start)):
            self.position = start
            self.comparison(conditions, pending)

    def definition_here(self, name: str, start: int) -> bool:
        """Whether the symbol that starts there was read as a definition (“where u = ...”)."""
        return False

    def declaration(self, names: list[str], conditions: list[Node], start: int) -> None:
        """x, y \\in [0, 1) and the like: the same for each name."""
        read = DECLARATIONS[self.next().text]
        position = self.position
        for name in names:
            self.position = position
            conditions.extend(read(self, name, start))

    def comparison(self, conditions: list[Node], pending: list[tuple[str, Span]]) -> None:
        """0 \\le a < 1, or x, y > 0; it may introduce symbols."""
        start, self.declaring = self.position, True
        lefts = [Symbol(symbol, span=span) for symbol, span in pending] + [self.sum()]
        pending.clear()
        if not self.at(*RELATIONS):
            self.fail(f"expected a relation: {FORM}")
        while self.at(*RELATIONS):
            relation = RELATIONS[self.token.text]
            symbols = all(isinstance(left, Symbol) for left in lefts)
            if relation in (r"\approx", r"\to") or relation == "=" and not symbols:
                self.fail("expected < > \\le \\ge \\ne, or a variable's value: a claim needs a display of its own")
            self.position += 1
            right = self.sum()
            conditions.extend(Compare(relation, left, right, span=self.span(start)) for left in lefts)
            lefts = [right]
        self.declaring = False

    def bare_symbol(self) -> str | None:
        """The symbol here if it stands alone before a comma or a condition's relation, else None with nothing read."""
        start = self.position
        if self.token.kind == "letter" or self.token.text in GREEK:
            name, indices = self.symbol_name()
            if indices and self.at("\\in"):
                self.scope.vectors.add(name)  # w_i \\in \\mathbb{R} declares the vector w
            ends = self.at(",", "=", "\\in", "\\sim", "\\to") or self.token.kind == "text"
            if ends and (not indices or self.at("\\in")):
                return name
        self.position = start
        return None

    def range_follows(self) -> bool:
        """Whether i = 1, \\dots, n stands here."""
        texts = [token.text for token in self.tokens[self.position : self.position + 6]]
        return "\\dots" in texts or "\\ldots" in texts

    def index_range(self, name: str, start: int) -> list[Node]:
        """1, \\dots, n"""
        self.expect("1")
        self.expect(",")
        self.expect("\\dots", "\\ldots")
        self.expect(",")
        self.expect("n")
        return [Member(name, "index", span=self.span(start))]

    def membership(self, name: str, start: int) -> list[Node]:
        """\\mathbb{R}, \\mathbb{R}^n, \\{1, \\dots, n\\} or an interval."""
        self.scope.declare(name)
        if self.take("\\mathbb"):
            self.braced(self.expect, "R")
            kind = "vector" if self.take("^") and self.expect("n") else "real"
            if kind == "vector":
                self.scope.vectors.add(name)
            return [Member(name, kind, span=self.span(start))]
        if self.take("\\{"):
            found = self.index_range(name, start)
            self.expect("\\}")
            return found
        return self.interval(name, start)

    def interval(self, name: str, start: int) -> list[Node]:
        """[0, 1) as the conditions that it stands for."""
        opening = self.expect("[", "(").text
        low = self.sum()
        self.expect(",")
        high = self.sum()
        closing = self.expect("]", ")").text
        symbol, span = Symbol(name), self.span(start)
        bounds: list[Node] = []
        if not infinite(low):
            bounds.append(Compare(r"\ge" if opening == "[" else ">", symbol, low, span=span))
        if not infinite(high):
            bounds.append(Compare(r"\le" if closing == "]" else "<", symbol, high, span=span))
        return bounds

    def distribution(self, name: str, start: int) -> list[Node]:
        """\\mathcal{N}(0, 1)"""
        self.expect("\\mathcal")
        self.braced(self.expect, "N")
        for text in ("(", "0", ",", "1", ")"):
            self.expect(text)
        self.normal.add(name)
        return []

    def tendency(self, name: str, start: int) -> list[Node]:
        """z \\to \\infty"""
        self.scope.declare(name)
        target, side = self.target()
        return [Tends(name, target, side, span=self.span(start))]


DECLARATIONS = {
    "\\in": Conditions.membership,
    "\\sim": Conditions.distribution,
    "\\to": Conditions.tendency,
    "=": Conditions.index_range,
}


@cache
def conditions(text: str) -> tuple[Node, ...]:
    """The conditions on x in a text such as "-1 < x, x < 1"."""
    page = Page(text, "a condition")
    found: list[Node] = []
    Conditions(page, tokenize(page, 0, len(text)), Scope(variables={"x": ()})).condition_list(found)
    return tuple(found)
