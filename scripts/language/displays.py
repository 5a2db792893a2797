r"""A display as relations: chains of sides, the rows of `aligned`, their conditions and reasons, and what they define.

What isn't understood is an error with its place, never skipped.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from .conditions import Conditions
from .functions import SPELLED
from .page import Display, Page, PageError
from .scope import Scope
from .tokens import RELATIONS, Token, tokenize
from .tree import Call, Component, Definition, Node, Span, Symbol, walk


@dataclass(frozen=True)
class Relation:
    """One step of a chain: two sides, the relation between them, its conditions and the rule named for it."""

    left: Node
    right: Node
    relation: str
    conditions: tuple[Node, ...]
    reason: str
    span: Span
    defines: bool = False


@dataclass(frozen=True)
class Equation:
    """A parsed display: its relations (each of `starts` begins a chain), its scope, and what it defines."""

    relations: tuple[Relation, ...]
    starts: tuple[int, ...]
    scope: Scope
    definitions: tuple[Definition, ...]

    @property
    def chains(self) -> list[tuple[Relation, ...]]:
        """The relations, one tuple a chain."""
        return [self.relations[a:b] for a, b in zip(self.starts, [*self.starts[1:], len(self.relations)])]


def parse(page: Page, display: Display, scope: Scope) -> Equation:
    """The Equation in a display; new definitions and their parameters are added to `scope`."""
    return Parser(page, tokenize(page, display.start, display.stop), scope).equation()


def read_definitions(page: Page, scope: Scope) -> None:
    """Take a page's definitions into the scope, without its claims; its own check reports what is wrong there."""
    for display in page.displays:
        try:
            if not display.unchecked:
                parse(page, display, scope)
        except PageError:
            continue


class Parser(Conditions):
    """The parser of one display: `shared` is the page's scope, `scope` a copy with what the display declares."""

    def __init__(self, page: Page, tokens: list[Token], scope: Scope) -> None:
        super().__init__(page, tokens, scope.copy())
        self.shared = scope
        self.defined: list[Definition] = []

    def equation(self) -> Equation:
        """The whole display."""
        common: list[Node] = []
        aligned = self.at("\\begin{aligned}")
        if aligned:
            self.position += 1
            self.common_conditions(common)
        relations: list[Relation] = []
        starts: list[int] = []
        left: Node | Definition | None = None
        while True:
            left = self.row(relations, starts, left, list(common))
            if not aligned or not self.take("\\\\"):
                break
        if aligned:
            self.expect("\\end{aligned}")
            self.position = self.conditions_at(self.position, [])
        if self.token.kind != "end":
            self.fail("expected the end of the display")
        return Equation(tuple(relations), tuple(starts), self.scope, tuple(self.defined))

    def common_conditions(self, conditions: list[Node]) -> None:
        """Those that stand after \\end{aligned} hold for all rows, so they are read first."""
        end = self.find("\\end{aligned}")
        if self.tokens[end].kind == "end":
            self.fail("expected \\end{aligned} after it", self.tokens[0])
        self.conditions_at(end + 1, conditions)

    def row(
        self, relations: list[Relation], starts: list[int], left: Node | Definition | None, conditions: list[Node]
    ) -> Node | Definition:
        """Read one row into the lists; `left` is the side before it, and the last side is returned."""
        self.take("&")
        row = self.position
        stop = self.find("\\quad", "\\qquad", "&&", "\\\\", "\\end{aligned}")
        after = self.conditions_at(stop, conditions)
        if left is None or not self.at(*RELATIONS):
            left = self.left_side()
            starts.append(len(relations))
        while self.position < stop and not self.at(",", "."):
            left = self.step(relations, left, conditions, row)
        self.take(",", ".")
        if self.position != stop:
            self.fail("expected a relation, \\quad with conditions, or the end of the row")
        self.position = after
        if len(relations) == starts[-1]:
            self.fail("expected a relation: a display must claim something", self.tokens[row])
        self.reason(relations)
        return left

    def step(self, relations: list[Relation], left: Node | Definition, conditions: list[Node], row: int) -> Node:
        """A relation and its right side; the side after the first relation of a new symbol defines it."""
        self.take("&")
        token = self.token
        relation = RELATIONS.get(token.text) if token.kind in ("mark", "command") else None
        if not relation:
            self.fail("expected a relation (= < > \\le \\ge \\ne \\approx \\to), an operator or \\quad with conditions")
        self.position += 1
        self.take("&")
        defines = isinstance(left, Definition)
        if not isinstance(left, Definition):
            right = self.sum()
        elif relation != "=":
            self.fail(f"expected =: {left.name} is not defined yet", token)
        else:
            with self.binding(*left.formals, *left.indices):
                right = self.sum()
            definition = replace(left, body=right, conditions=tuple(conditions))
            self.define(definition)
            left = applied(definition)
        relations.append(Relation(left, right, relation, tuple(conditions), "", self.span(row), defines))
        return right

    def reason(self, relations: list[Relation]) -> None:
        """The rule that a row names after &&: words for the reader, with mathematics that isn't a claim."""
        if self.at("&") and self.ahead().text == "&":
            self.position += 2
            start = self.position
            if self.token.kind != "text":
                self.fail("expected the rule's name in \\text{...}")
            self.position = self.find("\\\\", "\\end{aligned}")
            first, last = self.span(start)
            relations[-1] = replace(relations[-1], reason=self.page.text[first:last])

    def left_side(self) -> Node | Definition:
        """A chain's first side: an expression, or the head of a Definition if its symbol is new."""
        start, token = self.position, self.token
        if token.is_symbol:
            name, indices, formals = self.head()
            known = self.kind(name) or name in SPELLED or name == "e" or (name == "\\delta" and indices)
            if not known and self.at("="):
                return Definition(name, formals or (), indices or (), Symbol(name), (), token.start)  # its body follows
            self.position = start
        return self.sum()

    def head(self) -> tuple[str, tuple[str, ...] | None, tuple[str, ...] | None]:
        """(name, index letters or None, arguments' names or None) of what may be the left side of a definition."""
        name, indices = self.symbol_name()
        formals = None
        if self.at("(") and not self.kind(name):
            found: list[str] = []
            position = self.position
            while self.take("(" if not found else ",", ";"):
                found.append(self.next().text)
            if self.take(")"):
                formals = tuple(found)
            else:
                self.position = position
        if indices is None:
            return name, None, formals
        return name, tuple(index.name for index in indices if isinstance(index, Symbol)), formals

    def define(self, definition: Definition) -> None:
        """Make a definition known, here and to what follows on the page."""
        if definition.formals == () and Symbol(definition.name) in walk(definition.body):
            raise PageError(self.page, definition.offset, f"found {definition.name} in its own definition")
        vectors = self.scope.vectors_in(definition)
        for scope in (self.scope, self.shared):
            scope.define(definition, vectors)
        self.defined.append(definition)

    def definition_here(self, name: str, start: int) -> bool:
        """“where u = 1 + z” among the conditions."""
        if self.kind(name) or self.ahead().kind == "end":
            return False
        after, self.position = self.position, start
        definition = self.left_side()
        if isinstance(definition, Definition) and self.tokens[start - 1].text.strip(" ,") in ("where", "with"):
            self.step([], definition, [], start)
            return True
        self.position = after
        return False


def applied(definition: Definition) -> Node:
    """The definition's left side as an expression."""
    indices = tuple(Symbol(index) for index in definition.indices)
    if definition.formals:
        formals = tuple(Symbol(formal) for formal in definition.formals)
        span = (definition.offset, definition.offset + 1)
        return Call(definition.name, formals, indices=indices, span=span)
    return Component(definition.name, indices) if indices else Symbol(definition.name)
