"""What names mean: what is known at a place of a page, and on which names an expression depends."""

from __future__ import annotations

from collections.abc import Iterator, Set
from dataclasses import dataclass, field
from functools import singledispatchmethod
from itertools import chain

from .tree import (
    Big,
    Call,
    Compare,
    Component,
    Constant,
    Definition,
    Expectation,
    Integral,
    Kronecker,
    Limit,
    Member,
    Node,
    Ones,
    Symbol,
    children,
    walk,
)


@dataclass
class Scope:
    """What is known at a place: definitions, variables with their conditions, vectors, and arbitrary functions."""

    definitions: dict[str, Definition] = field(default_factory=dict)
    variables: dict[str, tuple[Node, ...]] = field(default_factory=lambda: {"z": ()})
    vectors: set[str] = field(default_factory=set)
    arbitrary: tuple[str, ...] = ()

    def copy(self) -> Scope:
        """One that can be added to without changing this one."""
        return Scope(dict(self.definitions), dict(self.variables), set(self.vectors), self.arbitrary)

    def kind(self, name: str) -> str | None:
        """What a symbol is: "function", "quantity", "variable", or None if it isn't known."""
        if name in self.arbitrary:
            return "function"
        if name in self.definitions:
            return "function" if self.definitions[name].formals else "quantity"
        if name in self.variables or name == "n":
            return "variable"
        return None

    def indexed(self, name: str) -> bool:
        """Whether a subscript of this name is an index."""
        return name in self.vectors or name in self.definitions and bool(self.definitions[name].indices)

    def declare(self, name: str) -> None:
        """Take a variable in, without a condition of its own."""
        if name not in self.definitions:
            self.variables.setdefault(name, ())

    def vectors_in(self, definition: Definition) -> set[str]:
        """The names among a definition's arguments and the known variables whose components it takes."""
        components = {node.name for node in walk(definition.body) if isinstance(node, Component)}
        return components & {*definition.formals, *self.variables}

    def define(self, definition: Definition, vectors: set[str]) -> None:
        """Take a definition in, with its arguments, these vectors and the parameters that its conditions declare."""
        self.vectors |= vectors
        self.definitions[definition.name] = definition
        for formal in definition.formals:
            self.variables.setdefault(formal, ())
        for condition in definition.conditions:
            if isinstance(condition, Member) and condition.kind != "index":
                self.variables.setdefault(condition.name, ())
            for node in walk(condition):
                if isinstance(node, Symbol) and node.name not in self.definitions:
                    about = (condition,) if isinstance(condition, Compare) and node.name != "z" else ()
                    self.variables[node.name] = self.variables.get(node.name, ()) + about


class Names:
    """The free `variables` and `indices` of trees, in the order in which they are met, through what they use.

    "n", the length of vectors, is among the variables where a tree depends on it.
    """

    def __init__(self, scope: Scope, *trees: Node) -> None:
        self.scope = scope
        self._variables: dict[str, None] = {}
        self._indices: dict[str, None] = {}
        for tree in trees:
            self.collect(tree, frozenset())

    @property
    def variables(self) -> list[str]:
        """The free variables, vectors and arbitrary functions."""
        return list(self._variables)

    @property
    def indices(self) -> list[str]:
        """The free indices."""
        return list(self._indices)

    def __contains__(self, name: str) -> bool:
        return name in self._variables or name in self._indices

    def __bool__(self) -> bool:
        return bool(self._variables or self._indices)

    @singledispatchmethod
    def collect(self, node: Node, bound: Set[str]) -> None:
        """Note what is free in a tree; `bound` are the names that an operator around it binds."""
        for child in children(node):
            self.collect(child, bound)

    @collect.register(Symbol)
    @collect.register(Component)
    @collect.register(Call)
    def _(self, node: Symbol | Component | Call, bound: Set[str]) -> None:
        if node.name not in bound:
            self.name(node)
        for part in getattr(node, "indices", ()):
            self.index(part, bound)
        for part in getattr(node, "arguments", ()):
            self.collect(part, bound)

    def name(self, node: Symbol | Component | Call) -> None:
        """A name is followed into its definition; without one it is free, unless it calls a known function."""
        arbitrary = node.name in self.scope.arbitrary
        definition = None if arbitrary else self.scope.definitions.get(node.name)
        if definition:
            inner = {*definition.formals, *definition.indices}
            conditions = (condition for condition in definition.conditions if not isinstance(condition, Member))
            for part in (definition.body, *conditions):
                self.collect(part, inner)
        elif arbitrary or not isinstance(node, Call):
            self._variables[node.name] = None

    def index(self, node: Node, bound: Set[str]) -> None:
        """All symbols of an index are indices themselves."""
        for part in walk(node):
            if isinstance(part, Symbol) and part.name not in bound and part.name != "n":
                self._indices[part.name] = None

    @collect.register
    def _(self, node: Ones, bound: Set[str]) -> None:
        self._variables["n"] = None

    @collect.register
    def _(self, node: Member, bound: Set[str]) -> None:
        (self._indices if node.kind == "index" else self._variables)[node.name] = None

    @collect.register
    def _(self, node: Kronecker, bound: Set[str]) -> None:
        self.index(node.left, bound)
        self.index(node.right, bound)

    @collect.register
    def _(self, node: Big, bound: Set[str]) -> None:
        for part in filter(None, (node.low, node.high, node.excluded)):
            self.index(part, bound)
        self._variables["n"] = None
        self.collect(node.body, bound | {node.index})

    @collect.register(Integral)
    @collect.register(Expectation)
    @collect.register(Limit)
    def _(self, node: Integral | Expectation | Limit, bound: Set[str]) -> None:
        self.collect(node.body, bound | {node.variable})
        for part in ("low", "high", "target"):
            if hasattr(node, part):
                self.collect(getattr(node, part), bound)


class Unknowns:
    """What a relation is claimed for: its free names by kind, and the conditions on them.

    `indices`, `arbitrary` functions and `vectors` stand apart from the `free` numbers; `values` are those that a
    condition fixes (name -> tree); `declared` are the conditions of the parameters' own definitions; `sized` says
    whether the length n of the vectors matters.
    """

    def __init__(self, scope: Scope, sides: list[Node], conditions: list[Node]) -> None:
        self.scope, self.sides = scope, sides
        names = Names(scope, *sides, *conditions)
        free = [name for name in names.variables if name not in scope.definitions]
        self.indices = [name for name in names.indices if name not in scope.definitions]
        self.arbitrary = [name for name in names.variables if name in scope.arbitrary]
        self.vectors = [name for name in free if name in scope.vectors]
        self.free = [name for name in free if name not in {*self.indices, *self.arbitrary, *self.vectors, "n"}]
        self.sized = bool(self.vectors or self.indices or "n" in names.variables)
        self.declared = list(chain.from_iterable(scope.variables.get(name, ()) for name in self.free))
        self.conditions = [*conditions, *dict.fromkeys(self.declared)]
        self.values = dict(filter(None, map(self.value, conditions)))

    def value(self, condition: Node) -> tuple[str, Node] | None:
        """(name, tree) of a condition that fixes a free number, else None."""
        if isinstance(condition, Compare) and condition.relation == "=" and isinstance(condition.left, Symbol):
            return (condition.left.name, condition.right) if condition.left.name in self.free else None
        return None

    @property
    def varies(self) -> bool:
        """Whether anything is left to vary."""
        return bool(self.vectors or self.indices or self.arbitrary or set(self.free) - set(self.values))

    def idle(self, conditions: list[Node]) -> str | None:
        """The first name of which a condition speaks though it stands on neither side, or None."""
        names = [Names(self.scope, side) for side in self.sides]
        unused = [
            node.name
            for condition in conditions
            for node in walk(condition)
            if isinstance(node, (Symbol, Member)) and not any(node.name in side for side in names)
        ]
        return unused[0] if unused and unused[0] not in ("n", *self.scope.definitions) else None

    def loose(self, definition: Definition) -> str | None:
        """A name of its right side that a definition leaves to the place where it is used, or None."""
        loose = [index for index in self.indices if index not in definition.indices]
        if definition.formals and "z" in self.free and "z" not in definition.formals:
            loose.append("z")
        return loose[0] if loose else None

    def bounds(self, name: str) -> Iterator[tuple[int, Node, bool]]:
        """(end, tree, closed) of each condition that bounds a variable by a number: end 0 from below, 1 from above."""
        for condition in self.conditions:
            if not isinstance(condition, Compare) or condition.relation not in ("<", r"\le", ">", r"\ge"):
                continue
            closed = condition.relation in (r"\le", r"\ge")
            for here, there, flip in (
                (condition.left, condition.right, False),
                (condition.right, condition.left, True),
            ):
                number = not Names(self.scope, there) and Constant("infinity") not in walk(there)
                if here == Symbol(name) and number:
                    yield int((condition.relation in ("<", r"\le")) != flip), there, closed
