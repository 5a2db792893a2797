"""The expressions that LaTeX stands for, as small immutable trees; `span` says where on the page each stands."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, fields

Span = tuple[int, int]  # of offsets on the page


@dataclass(frozen=True)
class Node:
    """A part of an expression; trees are equal wherever they stand."""

    span: Span = field(default=(0, 0), compare=False, repr=False, kw_only=True)


@dataclass(frozen=True)
class Number(Node):
    """A decimal number."""

    text: str  # as written, so that `\approx` can count the digits shown


@dataclass(frozen=True)
class Constant(Node):
    """A number with a name, or infinity."""

    name: str  # "pi", "e" or "infinity"


@dataclass(frozen=True)
class Symbol(Node):
    """A variable or a quantity."""

    name: str


@dataclass(frozen=True)
class Component(Node):
    """An entry of a vector, or of what is defined entry by entry."""

    name: str
    indices: tuple[Node, ...]


@dataclass(frozen=True)
class Call(Node):
    """A function of its arguments, differentiated `order` times."""

    name: str
    arguments: tuple[Node, ...]
    order: int = 0  # number of primes
    indices: tuple[Node, ...] = ()


@dataclass(frozen=True)
class Sum(Node):
    """Terms; a subtracted one is a Product that starts with -1."""

    terms: tuple[Node, ...]


@dataclass(frozen=True)
class Product(Node):
    """Factors, in their order."""

    factors: tuple[Node, ...]


@dataclass(frozen=True)
class Quotient(Node):
    """One tree over another."""

    numerator: Node
    denominator: Node


@dataclass(frozen=True)
class Power(Node):
    """A base with an exponent; a root has the exponent 1/degree."""

    base: Node
    exponent: Node


@dataclass(frozen=True)
class Cases(Node):
    """Pieces."""

    branches: tuple[tuple[Node, tuple[Node, ...] | None], ...]  # expression, conditions: None for "otherwise"


@dataclass(frozen=True)
class Indicator(Node):
    """1 where all conditions hold, else 0."""

    conditions: tuple[Compare, ...]


@dataclass(frozen=True)
class Kronecker(Node):
    """1 for equal indices, else 0."""

    left: Node
    right: Node


@dataclass(frozen=True)
class Ones(Node):
    """The vector whose components are all 1."""


@dataclass(frozen=True)
class Derivative(Node):
    """The derivative of the body by one variable after another."""

    body: Node
    variables: tuple[tuple[Symbol | Component, int], ...]  # each with its order


@dataclass(frozen=True)
class Big(Node):
    """A sum, product, maximum or minimum over an index."""

    kind: str  # "sum", "prod", "max" or "min" over the index, from low (1) to high (n), except `excluded`
    index: str
    low: Node | None
    high: Node | None
    excluded: Node | None
    body: Node


@dataclass(frozen=True)
class Integral(Node):
    """The integral of the body over a variable."""

    variable: str
    low: Node
    high: Node
    body: Node


@dataclass(frozen=True)
class Expectation(Node):
    """The mean of the body over a variable."""

    variable: str  # a standard normal variable
    body: Node


@dataclass(frozen=True)
class Limit(Node):
    """The limit of the body as a variable tends to a target."""

    variable: str
    target: Node
    side: int  # +1 from above, -1 from below, 0 from both
    body: Node


@dataclass(frozen=True)
class Compare(Node):
    """A condition that compares two trees."""

    relation: str  # one of = < \le > \ge \ne
    left: Node
    right: Node


@dataclass(frozen=True)
class Either(Node):
    """Lists of conditions, of which one must hold."""

    parts: tuple[tuple[Node, ...], ...]


@dataclass(frozen=True)
class Member(Node):
    """A condition that declares a name."""

    name: str
    kind: str  # "real", "vector" or "index"


@dataclass(frozen=True)
class Tends(Node):
    """The condition of a relation with an arrow."""

    variable: str
    target: Node
    side: int


@dataclass(frozen=True)
class Definition:
    """What a symbol means: its arguments, subscripts and body, and the conditions that declare its parameters."""

    name: str
    formals: tuple[str, ...]
    indices: tuple[str, ...]
    body: Node
    conditions: tuple[Node, ...]
    offset: int


def children(node: Node) -> Iterator[Node]:
    """The direct subtrees of a tree, conditions included."""

    def trees(value: object) -> Iterator[Node]:
        if isinstance(value, Node):
            yield value
        elif isinstance(value, tuple):
            for item in value:
                yield from trees(item)

    for part in fields(node):
        if part.name != "span":
            yield from trees(getattr(node, part.name))


def walk(node: Node) -> Iterator[Node]:
    """A tree and all its subtrees."""
    yield node
    for child in children(node):
        yield from walk(child)


def infinite(node: Node) -> int | None:
    """+1 or -1 for an infinity with its sign, else None."""
    factors = getattr(node, "factors", (node,))
    if Constant("infinity") not in factors:
        return None
    return -1 if Number("-1") in factors else 1
