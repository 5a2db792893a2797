r"""Write trees as the LaTeX that reads as them: parse(write(tree)) is the tree again, whatever its spans.

What has two forms gets one: a/b becomes \frac{a}{b}, x^{1/2} a root, g'(z) keeps its primes and u' becomes du/dz.
"""

import re
from collections.abc import Callable
from typing import Any

from .displays import Equation, Relation
from .functions import FUNCTIONS
from .scope import Scope
from .symbols import INDEX_LETTERS
from .tree import (
    Big,
    Call,
    Cases,
    Compare,
    Component,
    Constant,
    Derivative,
    Either,
    Expectation,
    Indicator,
    Integral,
    Kronecker,
    Limit,
    Member,
    Node,
    Number,
    Ones,
    Power,
    Product,
    Quotient,
    Sum,
    Symbol,
    Tends,
    walk,
)

NAME = re.compile(
    r"(?P<base>\\(?:hat|tilde|bar)\{[^}]*\}|\\[A-Za-z]+|[A-Za-z][A-Za-z0-9-]*)(?:_(?P<label>[^^]+))?(?P<star>\^\*)?"
)
MINUS = Number("-1")
CONSTANTS = {"pi": r"\pi", "e": "e", "infinity": r"\infty"}
BIG = {"sum": r"\sum", "prod": r"\prod", "max": r"\max", "min": r"\min"}
PRIMES = 3  # more are counted: g^{(4)}
# How tightly a tree's LaTeX holds together, from what needs parentheses in a product to what an exponent can stand on.
SUM, TERM, FACTOR, ATOM = range(4)


def write(node: Node) -> str:
    """The LaTeX of an expression or a condition."""
    return WRITERS[type(node)](node)


def write_equation(equation: Equation) -> str:
    """The LaTeX of a parsed display: one chain on one line or, where there are reasons, a step a row."""
    relations = equation.relations
    conditions = [write_conditions(relation.conditions, equation.scope) for relation in relations]
    conditions[0] = declared(equation, conditions[0])
    if len(equation.chains) == 1 and not any(relation.reason for relation in relations):
        if all(relation.conditions == relations[0].conditions for relation in relations):
            steps = [f"{relation.relation} {write(relation.right)}" for relation in relations]
            return " ".join([write(relations[0].left), *steps]) + under(conditions[0])
    rows = [
        write_step(relation, number in equation.starts) + under(text) + because(relation)
        for number, (relation, text) in enumerate(zip(relations, conditions))
    ]
    lines = " \\\\\n".join(rows)
    return f"\\begin{{aligned}}\n{lines}\n\\end{{aligned}}"


def write_step(relation: Relation, begins: bool) -> str:
    """One row: the left side of a chain's first step, the relation, the right side."""
    left = write(relation.left) + " " if begins else ""
    align = "" if relation.defines else "&"  # a new symbol stands right before its =
    return f"{left}{align}{relation.relation} {write(relation.right)}"


def under(conditions: str) -> str:
    """Conditions at the end of a row."""
    return rf" \quad {conditions}" if conditions else ""


def because(relation: Relation) -> str:
    """The reason at the end of a row, as it was written."""
    return f" && {relation.reason}" if relation.reason else ""


def write_conditions(conditions: tuple[Node, ...], scope: Scope) -> str:
    """Conditions with commas between them; the entries of a vector may be declared one for all."""
    return ", ".join(
        rf"{name(condition.name)}_i \in \mathbb{{R}}"
        if isinstance(condition, Member) and condition.kind == "real" and condition.name in scope.vectors
        else write(condition)
        for condition in conditions
    )


def declared(equation: Equation, conditions: str) -> str:
    """The conditions with what leaves no trace in them: functions, normal variables and “where u = ...”."""
    parts = [*normal_variables(equation), *([conditions] if conditions else []), *where(equation)]
    text = ", ".join(parts)
    if not equation.scope.arbitrary:
        return text
    functions = r"\text{for all differentiable } " + ", ".join(equation.scope.arbitrary)
    return functions + (rf" \text{{ with }} {text}" if text else "")


def normal_variables(equation: Equation) -> list[str]:
    """What the variables of the expectations are."""
    sides = [side for relation in equation.relations for side in (relation.left, relation.right)]
    variables = {node.variable for side in sides for node in walk(side) if isinstance(node, Expectation)}
    return [rf"{variable} \sim \mathcal{{N}}(0, 1)" for variable in sorted(variables)]


def where(equation: Equation) -> list[str]:
    """“where u = ...” for each symbol that no relation defines."""
    heads = [relation.left for relation in equation.relations if relation.defines]
    defined = {head.name for head in heads if isinstance(head, (Symbol, Component, Call))}
    return [
        rf"\text{{where }} {name(definition.name)} = {write(definition.body)}"
        for definition in equation.definitions
        if definition.name not in defined
    ]


# Names


def name(text: str, indices: tuple[Node, ...] = ()) -> str:
    """A symbol's name as it is typed, with its indices."""
    parts = NAME.fullmatch(text)
    assert parts, text  # every name that the parser makes is of this form
    base, label = parts["base"], parts["label"]
    if len(base) > 1 and not base.startswith("\\"):
        base, label = rf"\operatorname{{{base}{'_' + label if label else ''}}}", None
    if label or indices:
        base += "_" + (labelled(label) if label else subscripts(indices))
    return base + (parts["star"] or "")


def labelled(label: str) -> str:
    r"""A subscript that is part of a name, so that it isn't read as an index."""
    if label.startswith("\\"):
        return f"{{{label}}}" if label[1:] in FUNCTIONS else label
    if len(label) == 1 and label not in INDEX_LETTERS:
        return label
    plain = label.isalnum() and label[0] not in INDEX_LETTERS | {"n"}
    return f"{{{label}}}" if plain else rf"{{\text{{{label}}}}}"


def subscripts(indices: tuple[Node, ...]) -> str:
    """Indices, braced unless it is a letter or a digit."""
    text = ", ".join(index(entry) for entry in indices)
    return text if len(text) == 1 and text != "n" else f"{{{text}}}"


def index(node: Node) -> str:
    """An index, possibly shifted."""
    if isinstance(node, Sum):
        letter, shift = node.terms
        return index(letter) + ("" if index(shift).startswith("-") else "+") + index(shift)
    return node.name if isinstance(node, Symbol) else write(node)


# Expressions


def tightness(node: Node) -> int:
    """How tightly a tree's LaTeX holds together: SUM, TERM, FACTOR or ATOM."""
    if isinstance(node, Sum) or isinstance(node, Product) and node.factors[0] == MINUS:
        return SUM
    if isinstance(node, (Product, Big, Limit, Derivative)) or node == MINUS:
        return TERM
    if isinstance(node, (Power, Quotient, Cases, Indicator, Ones, Integral, Expectation, Kronecker)):
        return FACTOR
    if isinstance(node, (Symbol, Component)) and node.name.endswith("^*"):
        return FACTOR
    return ATOM


def within(node: Node, least: int) -> str:
    """A tree's LaTeX, in parentheses if it doesn't hold together as tightly as needed."""
    text = write(node)
    return text if tightness(node) >= least else grouped(text)


def grouped(text: str) -> str:
    """In parentheses, which grow with what is tall."""
    return rf"\left({text}\right)" if "\\" in text else f"({text})"


def write_sum(node: Sum) -> str:
    """Terms, those with a minus sign subtracted."""
    text = ""
    for term in node.terms:
        if isinstance(term, Product) and term.factors[0] == MINUS:
            text += (" - " if text else "-") + negated(term)
        else:
            text += (" + " if text else "") + within(term, TERM)
    return text


def negated(node: Product) -> str:
    """What stands after the minus sign of a product that starts with -1."""
    _, *rest = node.factors
    return within(rest[0], TERM) if len(rest) == 1 else write_product(Product(tuple(rest)))


def write_product(node: Product) -> str:
    """Factors side by side, with a dot before a number."""
    if node.factors[0] == MINUS:
        return "-" + negated(node)
    text = within(node.factors[0], FACTOR)
    for factor in node.factors[1:]:
        part = within(factor, FACTOR)
        text += (r" \cdot " if part[0].isdigit() else " ") + part
    return text


def write_power(node: Power) -> str:
    """A root, or a base with its exponent."""
    exponent = node.exponent
    if isinstance(exponent, Quotient) and exponent.numerator == Number("1"):
        degree = "" if exponent.denominator == Number("2") else f"[{write(exponent.denominator)}]"
        return rf"\sqrt{degree}{{{write(node.base)}}}"
    return f"{within(node.base, ATOM)}^{short(write(exponent))}"


def short(text: str) -> str:
    """An exponent, braced unless it is one character."""
    return text if len(text) == 1 else f"{{{text}}}"


def write_call(node: Call) -> str:
    """A function with its indices, primes and arguments."""
    arguments = ", ".join(map(write, node.arguments))
    if node.name == "abs":
        return rf"\lvert {arguments} \rvert"
    known = FUNCTIONS.get(node.name)
    text = known.spelling if known else name(node.name, node.indices)
    text += "'" * node.order if node.order <= PRIMES else f"^{{({node.order})}}"
    return text + grouped(arguments)


def write_cases(node: Cases) -> str:
    """One case a row."""
    rows = (
        f"{write(value)}, & " + (r"\text{otherwise}" if tests is None else ", ".join(map(write, tests)))
        for value, tests in node.branches
    )
    return r"\begin{cases} " + r" \\ ".join(rows) + r" \end{cases}"


def write_indicator(node: Indicator) -> str:
    """1 with a chain of comparisons in brackets."""
    text = write(node.conditions[0].left)
    for condition in node.conditions:
        text += f" {condition.relation} {write(condition.right)}"
    return rf"\mathbf{{1}}[{text}]"


def write_derivative(node: Derivative) -> str:
    """d/dz with what is differentiated in brackets."""
    total = sum(order for _, order in node.variables)
    ordinary = len(node.variables) == 1 and isinstance(node.variables[0][0], Symbol)
    sign = r"\mathrm d" if ordinary else r"\partial "
    below = r"\,".join(sign + write(variable) + power(order) for variable, order in node.variables)
    return rf"\frac{{{sign}{power(total)}}}{{{below}}} \left[{write(node.body)}\right]"


def power(order: int) -> str:
    """The exponent of a d."""
    return f"^{order}" if order > 1 else ""


def write_big(node: Big) -> str:
    """A sum, product, maximum or minimum over an index."""
    if node.excluded is not None:
        low = rf"{node.index} \ne {index(node.excluded)}"
    else:
        low = node.index if node.low is None else f"{node.index}={write(node.low)}"
    high = "" if node.high is None else f"^{{{write(node.high)}}}"
    return f"{BIG[node.kind]}_{{{low}}}{high} {within(node.body, TERM)}"


def write_integral(node: Integral) -> str:
    """An integral with its differential."""
    low, high = write(node.low), write(node.high)
    return rf"\int_{{{low}}}^{{{high}}} {write(node.body)} \,\mathrm d{name(node.variable)}"


def write_limit(node: Limit) -> str:
    """A limit with its side."""
    return rf"\lim_{{{write(Tends(node.variable, node.target, node.side))}}} {within(node.body, TERM)}"


# Conditions


def write_tends(node: Tends) -> str:
    """z \\to 0^+"""
    target = node.target
    if isinstance(target, Product) and target.factors[0] == MINUS and len(target.factors) == 2:
        text = "-" + within(target.factors[1], ATOM)
    else:
        text = within(target, ATOM)
    side = {0: "", 1: "^+", -1: "^-"}[node.side]
    return rf"{name(node.variable)} \to {text}{side}"


def write_either(node: Either) -> str:
    """Two lists of conditions with “or” between them."""
    return r" \text{ or } ".join(", ".join(map(write, part)) for part in node.parts)


def write_member(node: Member) -> str:
    """What declares a variable, a vector or an index."""
    if node.kind == "index":
        return rf"{name(node.name)} = 1, \dots, n"
    return rf"{name(node.name)} \in \mathbb{{R}}" + ("^n" if node.kind == "vector" else "")


WRITERS: dict[type[Node], Callable[[Any], str]] = {
    Number: lambda node: node.text,
    Constant: lambda node: CONSTANTS[node.name],
    Symbol: lambda node: name(node.name),
    Component: lambda node: name(node.name, node.indices),
    Call: write_call,
    Sum: write_sum,
    Product: write_product,
    Quotient: lambda node: rf"\frac{{{write(node.numerator)}}}{{{write(node.denominator)}}}",
    Power: write_power,
    Cases: write_cases,
    Indicator: write_indicator,
    Kronecker: lambda node: rf"\delta_{{{index(node.left)}, {index(node.right)}}}",
    Ones: lambda node: r"\mathbf{1}",
    Derivative: write_derivative,
    Big: write_big,
    Integral: write_integral,
    Expectation: lambda node: rf"\mathbb{{E}}\left[{write(node.body)}\right]",
    Limit: write_limit,
    Compare: lambda node: f"{write(node.left)} {node.relation} {write(node.right)}",
    Either: write_either,
    Member: write_member,
    Tends: write_tends,
}
