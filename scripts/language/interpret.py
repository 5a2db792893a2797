"""What an expression means, whatever its numbers are: sums, calls, cases, conditions, indices and vectors."""

from collections.abc import Callable, Iterable
from typing import Any

from .expressions import formula
from .functions import FUNCTIONS
from .tree import (
    Big,
    Call,
    Cases,
    Compare,
    Component,
    Constant,
    Definition,
    Derivative,
    Either,
    Expectation,
    Indicator,
    Integral,
    Kronecker,
    Limit,
    Node,
    Number,
    Ones,
    Power,
    Product,
    Quotient,
    Sum,
    Symbol,
    walk,
)

Environment = dict[str, Any]  # a number is of whatever kind the subclass computes with


def satisfies(sign: int, relation: str) -> bool:
    """Whether a difference of this sign satisfies the relation."""
    return {"=": sign == 0, r"\ne": sign != 0, "<": sign < 0, r"\le": sign <= 0, ">": sign > 0, r"\ge": sign >= 0}[
        relation
    ]


class Interpreter:
    """Walks a tree in an environment name -> number, vector (a tuple), tree, or what stands for an arbitrary function.

    A subclass has the numbers: `number`, `constant`, `power`, `derivative`, `integral`, `expectation` and `limit` read
    the trees of these names; `primitive(name, argument)` is the value of a function of the table, or None where its
    definition will do; `whole(3)` makes a number and `as_whole` undoes it; `divide`, `sign`, `free(name)` for a symbol
    that nothing defines, `apply(function, call, argument)` and `primed(definition, order, environment)`; `failure` is
    the exception for what has no value.
    """

    failure: type[Exception] = Exception
    number: Callable[..., Any]
    constant: Callable[..., Any]
    power: Callable[..., Any]
    primitive: Callable[..., Any]
    whole: Callable[..., Any]
    as_whole: Callable[..., int]
    divide: Callable[..., Any]
    sign: Callable[..., int]
    free: Callable[..., Any]
    apply: Callable[..., Any]
    primed: Callable[..., Any]

    def __init__(self, definitions: dict[str, Definition]) -> None:
        self.definitions = definitions
        self.rules: dict[type[Node], Callable[..., Any]] = {
            Number: self.number,
            Constant: self.constant,
            Symbol: self.symbol,
            Component: self.component,
            Call: self.call,
            Sum: self.sum,
            Product: self.product,
            Quotient: self.quotient,
            Power: self.power,
            Cases: self.cases,
            Indicator: self.indicator,
            Kronecker: self.kronecker,
            Ones: self.ones,
            Big: self.big,
            Derivative: self.derivative,
            Integral: self.integral,
            Expectation: self.expectation,
            Limit: self.limit,
        }

    def value(self, node: Node, environment: Environment) -> Any:
        """The value of a tree."""
        return self.rules[type(node)](node, environment)

    def scalar(self, value: Any) -> Any:
        """A number; a vector in its place is a failure."""
        if isinstance(value, tuple):
            raise self.failure("a vector where a number is expected")
        return value

    def symbol(self, node: Symbol, environment: Environment) -> Any:
        """What the environment has for a symbol, or its definition."""
        value = environment.get(node.name)
        if value is None:
            definition = self.definitions.get(node.name)
            return self.value(definition.body, environment) if definition else self.free(node.name)
        return self.value(value, environment) if isinstance(value, Node) else value

    def component(self, node: Component, environment: Environment) -> Any:
        """An entry of a vector, or of what is defined entry by entry."""
        indices = [self.index(index, environment) for index in node.indices]
        if node.name in environment:
            vector = environment[node.name]
            if not isinstance(vector, tuple) or not 1 <= indices[0] <= len(vector):
                raise self.failure(f"{node.name} has no component {indices[0]}")
            return vector[indices[0] - 1]
        definition = self.definitions[node.name]
        return self.value(definition.body, environment | dict(zip(definition.indices, map(self.whole, indices))))

    def index(self, node: Node, environment: Environment) -> int:
        """The whole number that an index stands for."""
        return self.as_whole(self.value(node, environment))

    def call(self, node: Call, environment: Environment) -> Any:
        """A function of the environment (an arbitrary one), of the page, or of the table."""
        arguments = [self.value(argument, environment) for argument in node.arguments]
        function = environment.get(node.name)
        if function is not None:
            return self.apply(function, node, self.scalar(arguments[0]))
        definition = self.definitions.get(node.name)
        if definition is None:
            return self.known(node.name, [self.scalar(argument) for argument in arguments])
        indices = [self.whole(self.index(index, environment)) for index in node.indices]
        inner = environment | dict(zip(definition.formals, arguments)) | dict(zip(definition.indices, indices))
        return self.primed(definition, node.order, inner) if node.order else self.value(definition.body, inner)

    def known(self, name: str, arguments: list[Any]) -> Any:
        """A function of the table: a primitive of these numbers, or what its definition says."""
        row = FUNCTIONS[name]
        if row.several:
            return self.extremum(name, arguments)
        (argument,) = arguments
        value = self.primitive(name, argument)
        return self.value(formula(row.definition), {"x": argument}) if value is None else value

    def unread(self, node: Node, environment: Environment) -> Any:
        """What a subclass doesn't read is a failure."""
        raise self.failure(f"a {type(node).__name__.lower()} where it has no value")

    derivative = integral = expectation = limit = unread

    # Arithmetic

    def sum(self, node: Sum, environment: Environment) -> Any:
        """Terms from left to right."""
        total = self.value(node.terms[0], environment)
        for term in node.terms[1:]:
            total = self.add(total, self.value(term, environment))
        return total

    def add(self, left: Any, right: Any) -> Any:
        """Two numbers or two vectors."""
        if isinstance(left, tuple) and isinstance(right, tuple):
            return tuple(map(self.add, left, right))
        return self.scalar(left) + self.scalar(right)

    def product(self, node: Product, environment: Environment) -> Any:
        """Factors from left to right, one of which may be a vector."""
        total = self.value(node.factors[0], environment)
        for factor in node.factors[1:]:
            other = self.value(factor, environment)
            if isinstance(other, tuple):
                total, other = other, total
            other = self.scalar(other)
            total = tuple(entry * other for entry in total) if isinstance(total, tuple) else total * other
        return total

    def quotient(self, node: Quotient, environment: Environment) -> Any:
        """A number or a vector by a number."""
        above, below = self.value(node.numerator, environment), self.scalar(self.value(node.denominator, environment))
        return (
            tuple(self.divide(entry, below) for entry in above)
            if isinstance(above, tuple)
            else self.divide(above, below)
        )

    def extremum(self, name: str, values: list[Any]) -> Any:
        """The largest or smallest; each comparison is decided by `sign`."""
        best = values[0]
        for other in values[1:]:
            if self.sign(other - best) * (1 if name == "max" else -1) > 0:
                best = other
        return best

    # Conditions

    def holds(self, condition: Node, environment: Environment) -> bool:
        """Whether one condition holds; declarations and infinite bounds always do."""
        if isinstance(condition, Either):
            return any(self.all_hold(part, environment) for part in condition.parts)
        if not isinstance(condition, Compare) or Constant("infinity") in walk(condition):
            return True
        left, right = (self.scalar(self.value(side, environment)) for side in (condition.left, condition.right))
        return satisfies(self.sign(left - right), condition.relation)

    def all_hold(self, conditions: Iterable[Node], environment: Environment) -> bool:
        """Whether all conditions hold."""
        return all(self.holds(condition, environment) for condition in conditions)

    def cases(self, node: Cases, environment: Environment) -> Any:
        """The one case whose conditions hold."""
        chosen = [value for value, conditions in node.branches if conditions and self.all_hold(conditions, environment)]
        if not chosen and node.branches[-1][1] is None:
            chosen = [node.branches[-1][0]]
        if len(chosen) != 1:
            raise self.failure("an overlap of the cases" if chosen else "a gap between the cases")
        return self.value(chosen[0], environment)

    def indicator(self, node: Indicator, environment: Environment) -> Any:
        """1 where the conditions hold, else 0."""
        return self.whole(int(self.all_hold(node.conditions, environment)))

    # Indices and vectors

    def kronecker(self, node: Kronecker, environment: Environment) -> Any:
        """1 for equal indices, else 0."""
        return self.whole(int(self.index(node.left, environment) == self.index(node.right, environment)))

    def ones(self, node: Ones, environment: Environment) -> Any:
        """A vector of n ones."""
        return (self.whole(1),) * self.index(Symbol("n"), environment)

    def big(self, node: Big, environment: Environment) -> Any:
        """A sum, product, maximum or minimum over an index."""
        low = self.index(node.low, environment) if node.low else 1
        high = self.index(node.high or Symbol("n"), environment)
        left_out = self.index(node.excluded, environment) if node.excluded else None
        inner = [environment | {node.index: self.whole(k)} for k in range(low, high + 1) if k != left_out]
        values = [self.scalar(self.value(node.body, place)) for place in inner]
        if node.kind in ("max", "min"):
            return self.extremum(node.kind, values)
        total = self.whole(int(node.kind == "prod"))
        for value in values:
            total = total + value if node.kind == "sum" else total * value
        return total
