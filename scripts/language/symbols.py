r"""Names and their subscripts: `z_i` is a component, `z_0` and `\sigma_w` are names of their own."""

from collections.abc import Iterator
from contextlib import contextmanager

from .functions import SPELLED
from .page import Page
from .scope import Scope
from .tokens import DECORATIONS, GREEK, Reader, Token
from .tree import Component, Node, Number, Sum, Symbol

INDEX_LETTERS = set("ijklm")


class Symbols(Reader):
    """Reads names. `scope` is what is known; `bound` holds the indices and integration variables in force."""

    def __init__(self, page: Page, tokens: list[Token], scope: Scope) -> None:
        super().__init__(page, tokens)
        self.scope = scope
        self.bound: list[set[str]] = []

    @contextmanager
    def binding(self, *names: str) -> Iterator[None]:
        """Within, these names are variables."""
        self.bound.append(set(names))
        yield
        self.bound.pop()

    def kind(self, name: str) -> str | None:
        """What a symbol is here: "function", "quantity", "variable", or None if it isn't known."""
        return "variable" if any(name in names for names in self.bound) else self.scope.kind(name)

    def is_function(self, token: Token) -> bool:
        """Whether the token names a function that takes parentheses."""
        return (token.kind in ("letter", "name") or token.text in GREEK) and self.kind(token.text) == "function"

    def symbol_name(self) -> tuple[str, tuple[Node, ...] | None]:
        """A symbol with its index: `z_i` gives ("z", indices), `z_0` and `\\sigma_w` a name of their own."""
        name = self.next().text
        indices: tuple[Node, ...] | None = None
        if name in DECORATIONS:
            self.expect("{")
            name += "{" + self.next().text + "}"
            self.expect("}")
        if self.take("_"):
            found = self.subscript(name)
            if isinstance(found, str):
                name = f"{name}_{found}"
            else:
                indices = found
        if self.at("^") and self.ahead().text in ("*", "\\ast"):
            self.position += 2
            name += "^*"
        return name, indices

    def subscript(self, name: str) -> tuple[Node, ...] | str:
        """Indices as a tuple of expressions, or the label that makes the subscript part of the name."""
        if not self.take("{"):
            return self.short_subscript(name)
        token = self.token
        if token.kind == "text" or token.text in SPELLED:
            label = self.next().text
            self.expect("}")
            return label
        if token.kind == "letter" and token.text not in INDEX_LETTERS | {"n"}:
            return self.label()
        if token.kind == "number" and not self.scope.indexed(name):
            return self.label()
        indices = []
        while not self.take("}"):
            indices.append(self.index())
            self.take(",")
        return tuple(indices)

    def short_subscript(self, name: str) -> tuple[Node, ...] | str:
        """A subscript of one character."""
        token = self.next()
        digit = token.kind == "number" and len(token.text) == 1
        if token.kind == "letter" and token.text in INDEX_LETTERS:
            return (Symbol(token.text, span=(token.start, token.stop)),)
        if digit and self.scope.indexed(name):
            return (Number(token.text, span=(token.start, token.stop)),)
        if token.kind == "letter" or digit or token.text in GREEK | {"\\ast"}:
            return token.text
        self.fail("expected an index of one character, or braces", token)

    def label(self) -> str:
        """Letters and digits up to the closing brace."""
        label = ""
        while not self.take("}"):
            if self.token.kind not in ("letter", "number"):
                self.fail("expected letters and digits, or }")
            label += self.next().text
        return label

    def index(self) -> Node:
        """An index: a letter or a number, possibly shifted as in z_{i+1}."""
        start, token = self.position, self.token
        if token.kind not in ("letter", "number"):
            self.fail("expected an index")
        self.position += 1
        kind, span = Symbol if token.kind == "letter" else Number, (token.start, token.stop)
        index: Node = kind(token.text, span=span)
        if operator := self.take("+", "-"):
            shift = Number(operator.text.replace("+", "") + self.token.text)
            if self.token.kind != "number":
                self.fail("expected a number after the index")
            self.position += 1
            index = Sum((index, shift), span=self.span(start))
        return index

    def index_letter(self) -> str:
        """The letter that a sum or a maximum runs over."""
        if self.token.kind != "letter":
            self.fail("expected an index letter")
        return self.next().text

    def variable(self) -> Symbol | Component:
        """What a derivative is taken by: a variable, a component or a quantity."""
        start, token = self.position, self.token
        if token.kind != "letter" and token.text not in GREEK:
            self.fail("expected a variable")
        name, indices = self.symbol_name()
        if not self.kind(name):
            self.fail(f"expected a known variable: {name} is neither defined nor declared", token)
        return Component(name, indices, span=self.span(start)) if indices else Symbol(name, span=self.span(start))

    def primes(self) -> int:
        """The number of primes, or the order in g^{(3)}; 0 if there are none."""
        order = 0
        while self.take("'"):
            order += 1
        following = [token.text for token in self.tokens[self.position : self.position + 3]]
        if order or following != ["^", "{", "("]:
            return order
        self.position += 3
        token = self.next()
        if token.kind != "number":
            self.fail("expected a number: g^{(3)} is the third derivative", token)
        self.expect(")")
        self.expect("}")
        return int(token.text)
