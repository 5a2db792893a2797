"""Check the equations of a page: every relation at random points to 50 digits, and by algebra where that decides it."""

import random
from dataclasses import dataclass, field
from fractions import Fraction

from language.displays import parse
from language.page import Page, PageError
from language.scope import Unknowns
from language.tree import Limit, Number, Power, Product, Tends

from .compare import Comparison, Refused
from .evaluate import Evaluator
from .points import POINTS, Points
from .prove import proves
from .series import ball
from .structure import check_structure, is_function_page

FEW = 5  # where a definition with an integral is evaluated: nothing is claimed
ORDERS = ("<", ">", r"\le", r"\ge")


@dataclass
class Result:
    """What checking a page gave: equations, relations, marks with their reasons, and what was refused."""

    name: str
    equations: int = 0
    definitions: int = 0
    relations: list = field(default_factory=list)  # of (heading, line, relation, proved)
    unchecked: list = field(default_factory=list)  # of (line, reason)
    refused: list = field(default_factory=list)  # of (line, column, message)

    def refuse(self, page, offset, message):
        """Note what is wrong at an offset of the page."""
        self.refused.append((*page.place(offset), message))

    def counts(self):
        """The numbers for the ledger; `steps` are the equalities."""
        proved = [entry for entry in self.relations if entry[3]]
        sections = {}
        for heading, _, _, done in self.relations:
            counts = sections.setdefault(heading, [0, 0])
            counts[0] += 1
            counts[1] += done
        return {
            "equations": self.equations,
            "definitions": self.definitions,
            "relations": len(self.relations),
            "proved": len(proved),
            "verified": len(self.relations) - len(proved),
            "steps": sum(entry[2] == "=" for entry in self.relations),
            "steps_proved": sum(entry[2] == "=" for entry in proved),
            "sections": sections,
            "unchecked": [list(mark) for mark in self.unchecked],
        }

    @property
    def unproved(self):
        """The lines of the relations that were only verified."""
        return [line for _, line, _, proved in self.relations if not proved]


def check_text(text, name, scope, seed=0):
    """Check the page `text` against the definitions in `scope`, to which its own are added."""
    result = Result(name)
    try:
        page = Page(text, name)
    except PageError as error:
        result.refused.append((error.line, error.column, error.message))
        return result
    chains = []
    for display in page.displays:
        result.equations += 1
        if display.unchecked:
            result.unchecked.append((page.place(display.start)[0], display.unchecked))
            if is_function_page(page):
                result.refuse(page, display.start, "found an unchecked mark, which a function's page can't have")
            continue
        try:
            equation = parse(page, display, scope)
        except PageError as error:
            result.refuse(page, error.offset, error.message)
            continue
        chains.append((display, equation))
        check_equation(page, display, equation, result, seed)
    if is_function_page(page):
        check_structure(page, chains, result)
    return result


def check_equation(page, display, equation, result, seed):
    """Check each relation of a display; what holds and what is refused goes into the result."""
    text = page.text[display.start : display.stop]
    for number, relation in enumerate(equation.relations):
        source = random.Random(f"{seed} {number} {text}")
        try:
            proved = check_relation(equation.scope, relation, source)
        except Refused as refusal:
            sides = f"{written(page, relation.left)} {relation.relation} {written(page, relation.right)}"
            result.refuse(page, relation.right.span[0], f"refused: {sides}\n    {refusal}")
            continue
        if relation.defines:
            result.definitions += 1
        else:
            result.relations.append((display.heading, page.place(relation.right.span[0])[0], relation.relation, proved))


def written(page, node):
    """A side as the page has it, on one line."""
    return " ".join(page.text[node.span[0] : node.span[1]].split())


# One relation

TOO_FEW = "no point satisfies the conditions, or none has values on both sides"


def check_relation(scope, relation, source):
    """True if proved, False if only verified; raises Refused."""
    left, sign, conditions = as_claim(relation)
    right = relation.right
    unit = last_digit(left) or last_digit(right) if sign == r"\approx" else None
    if sign == r"\approx" and unit is None:
        raise Refused("expected a decimal number on one side of \\approx, whose digits say how exact it is")
    unknowns, evaluator = Unknowns(scope, [left, right], conditions), Evaluator(dict(scope.definitions))
    if idle := unknowns.idle(conditions):
        raise Refused(f"the conditions speak of {idle}, which stands on neither side")
    comparison = Comparison(left, right, sign, unit, Points(unknowns, evaluator, source))
    if relation.defines:
        check_definition(scope.definitions[left.name], comparison)
        return False
    verify(comparison)
    if sign != "=" and not unknowns.varies and not evaluator.rough:
        return True  # numbers without a variable: the balls are a proof
    return sign in ("=", r"\ne", *ORDERS) and proves(
        scope, left, right, sign, conditions, unknowns.declared, comparison.points.dimensions, unknowns.indices
    )


def as_claim(relation):
    """(left side, relation, conditions) with `a \\to b as z \\to c` as a limit that equals b."""
    left, sign, conditions = relation.left, relation.relation, list(relation.conditions)
    tends = [condition for condition in conditions if isinstance(condition, Tends)]
    if sign == r"\to":
        if len(tends) != 1:
            raise Refused("expected one condition such as z \\to \\infty with the relation \\to")
        conditions.remove(tends[0])
        return Limit(tends[0].variable, tends[0].target, tends[0].side, left), "=", conditions
    if tends:
        raise Refused("found a condition with \\to, expected it with the relation \\to only")
    return left, sign, conditions


def check_definition(definition, comparison):
    """A definition must not hang on loose names and must have a value where its conditions hold; raises Refused."""
    if loose := comparison.points.unknowns.loose(definition):
        raise Refused(f"the right side depends on {loose}, which is no argument or index of the left side")
    count = 0
    for environment, _ in comparison.points:
        count += comparison.has_value(environment)
        if comparison.evaluator.costly and count >= FEW:
            break
    if not count:
        raise Refused(TOO_FEW)


def verify(comparison):
    """Try a claim at its points and, an inequality, where its sides come closest; raises Refused."""
    evaluator, count = comparison.evaluator, 0
    for environment, special in comparison.points:
        held = comparison.holds_at(environment)
        if special and not held and evaluator.costly:
            raise Refused(f"at {comparison.place(environment)}: the integral can't be followed to 50 digits")
        count += held
        if evaluator.costly and count >= POINTS:
            break
    if comparison.sign in ORDERS:
        for environment, touching in comparison.closest():
            comparison.holds_at(environment)
            if touching and comparison.sign in ("<", ">"):
                raise Refused(f"near {comparison.place(environment)}: the two sides touch")
    if not count:
        raise Refused(TOO_FEW)
    if count < POINTS and comparison.points.unknowns.varies:
        raise Refused(f"only {count} points where both sides can be evaluated under the conditions")


def last_digit(node):
    """The unit of the last digit shown in 0.25, -1.2 or 4.2 \\cdot 10^{-18}; None for anything but such a number."""
    unit = None
    for factor in flat(node):
        if factor == Number("-1"):
            continue
        if isinstance(factor, Number) and unit is None:
            unit = Fraction(10) ** -len(factor.text.partition(".")[2])
        elif isinstance(factor, Power) and factor.base == Number("10") and unit and whole(factor.exponent) is not None:
            unit *= Fraction(10) ** whole(factor.exponent)
        else:
            return None
    return unit and ball(unit)


def flat(node):
    """The factors of a product, nested ones as well."""
    return [leaf for factor in node.factors for leaf in flat(factor)] if isinstance(node, Product) else [node]


def whole(exponent):
    """The whole number of at most four digits that an exponent such as -18 is, else None."""
    match flat(exponent):
        case [Number("-1")]:
            return -1
        case [Number(digits)] if digits.isdecimal() and len(digits) <= 4:
            return int(digits)
        case [Number("-1"), Number(digits)] if digits.isdecimal() and len(digits) <= 4:
            return -int(digits)
    return None
