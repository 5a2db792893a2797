"""Check the equations of a page: every relation at random points to 50 digits, and by algebra where that decides it."""

import itertools
import random
from dataclasses import dataclass, field
from fractions import Fraction

from flint import arb, ctx, fmpq

from . import latex, page as pages
from .evaluate import Evaluator, Smooth, Undecided, Undefined, kinks, roots, shown
from .prove import proves
from .syntax import (
    Big,
    Call,
    Compare,
    Component,
    Constant,
    Derivative,
    Expectation,
    Integral,
    Kronecker,
    Limit,
    Member,
    Number,
    Ones,
    Power,
    Product,
    Symbol,
    Tends,
    children,
    infinite,
    walk,
)

PRECISIONS = (192, 384, 768, 1536, 3072, 6144)
DIGITS = arb(2) ** -166  # 50 digits
TOUCH = 1e-12  # the sides of a strict inequality touch where their distance falls to this part of what it is nearby
COARSE = arb(2) ** -7  # a limit that can only be followed to 2^6 must be this close, and still closing in
NOTHING = arb(2) ** -600  # both sides below this count as equal
POINTS = 40  # a relation is tried at this many points, in every region between the kinks, if it has a free variable
FEW = 5  # where a definition with an integral is evaluated: nothing is claimed
DIMENSIONS = (2, 3, 5)  # vector identities are checked for these lengths, and all indices


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
            "unchecked": [reason for _, reason in self.unchecked],
        }

    @property
    def unproved(self):
        return [line for _, line, _, proved in self.relations if not proved]


class Refused(Exception):
    """A claim that doesn't hold; the message says where and why."""


def check_text(text, name, scope, seed=0):
    """Check the page `text` against the definitions in `scope`, to which its own are added."""
    result = Result(name)
    try:
        page = pages.Page(text, name)
    except pages.PageError as error:
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
            equation = latex.parse(page, display, scope)
        except pages.PageError as error:
            result.refuse(page, error.offset, error.message)
            continue
        chains.append((display, equation))
        check_equation(page, display, equation, result, seed)
    if is_function_page(page):
        check_structure(page, chains, result)
    return result


def read_definitions(page, scope):
    """Take a page's definitions into the scope, without its claims; its own check reports what is wrong there."""
    for display in page.displays:
        try:
            if not display.unchecked:
                latex.parse(page, display, scope)
        except pages.PageError:
            continue


def check_equation(page, display, equation, result, seed):
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
    return " ".join(page.text[node.span[0] : node.span[1]].split())


# One relation


def check_relation(scope, relation, source):
    """True if proved, False if only verified; raises Refused."""
    left, right, sign, conditions = relation.left, relation.right, relation.relation, list(relation.conditions)
    tends = [condition for condition in conditions if isinstance(condition, Tends)]
    if sign == r"\to":
        if len(tends) != 1:
            raise Refused("expected one condition such as z \\to \\infty with the relation \\to")
        conditions.remove(tends[0])
        left, sign = Limit(tends[0].variable, tends[0].target, tends[0].side, left), "="
    elif tends:
        raise Refused("found a condition with \\to, expected it with the relation \\to only")
    unit = last_digit(left) or last_digit(right) if sign == r"\approx" else None
    if sign == r"\approx" and unit is None:
        raise Refused("expected a decimal number on one side of \\approx, whose digits say how exact it is")
    domain = Domain(scope, [left, right], conditions, source)
    count = 0
    if relation.defines:
        domain.check_definition(scope.definitions[left.name])
    for environment, special in domain.points():
        if relation.defines:
            count += domain.has_value(right, environment)
            if domain.evaluator.costly and count >= FEW:
                break
        else:
            held = domain.holds_at(left, right, sign, unit, environment)
            if special and not held and domain.evaluator.costly:
                raise Refused(f"at {domain.place(environment)}: the integral can't be followed to 50 digits")
            count += held
            if domain.evaluator.costly and count >= POINTS:
                break
    if not relation.defines and sign not in ("=", r"\approx", r"\ne"):
        for environment, touching in domain.closest(left, right):
            domain.holds_at(left, right, sign, unit, environment)
            if touching and sign in ("<", ">"):
                raise Refused(f"near {domain.place(environment)}: the two sides touch")
    if not count or count < POINTS and domain.varies and not relation.defines:
        raise Refused(
            f"only {count} points where both sides can be evaluated under the conditions"
            if count
            else "no point satisfies the conditions, or none has values on both sides"
        )
    if relation.defines:
        return False
    if sign != "=" and not domain.varies and not domain.evaluator.rough:
        return True  # numbers without a variable: the balls are a proof
    return sign in ("=", "<", ">", r"\le", r"\ge", r"\ne") and proves(
        scope, left, right, sign, conditions, domain.parameter_conditions, domain.dimensions, domain.indices
    )


def last_digit(node):
    """The unit of the last digit shown in 0.25, -1.2 or 4.2 \\cdot 10^{-18}; None for anything but such a number."""

    def flat(tree):
        return [leaf for factor in tree.factors for leaf in flat(factor)] if isinstance(tree, Product) else [tree]

    unit = None
    for factor in flat(node):
        if isinstance(factor, Number) and factor.text == "-1":
            continue
        if isinstance(factor, Number) and unit is None:
            unit = Fraction(10) ** -len(factor.text.partition(".")[2])
        elif isinstance(factor, Power) and factor.base == Number("10") and unit:
            power = "".join(node.text for node in walk(factor.exponent) if isinstance(node, Number)).replace(
                "-1", "-", 1
            )
            unit *= Fraction(10) ** int(power)
        else:
            return None
    return unit and arb(fmpq(unit.numerator, unit.denominator))


class Domain:
    """What a relation is claimed for: its free variables, their conditions, and random points that satisfy them."""

    def __init__(self, scope, sides, conditions, source):
        self.scope, self.source, self.conditions = scope, source, conditions
        self.evaluator = Evaluator({name: definition for name, definition in scope.definitions.items()})
        self.sides = sides
        names, indices = {}, {}
        for node in (*sides, *conditions):
            self.free_names(node, frozenset(), names, indices)
        self.indices = [name for name in indices if name not in scope.definitions]
        self.arbitrary = [name for name in names if name in scope.arbitrary]
        self.vectors = [name for name in names if name in scope.vectors and name not in scope.definitions]
        self.free = [
            name
            for name in names
            if name not in (*self.indices, *self.arbitrary, *self.vectors, "n") and name not in scope.definitions
        ]
        self.dimensions = DIMENSIONS if self.vectors or self.indices or "n" in names else ()
        self.parameter_conditions = [condition for name in self.free for condition in scope.variables.get(name, ())]
        self.all_conditions = [*conditions, *dict.fromkeys(self.parameter_conditions)]
        self.values = {
            condition.left.name: condition.right
            for condition in conditions
            if isinstance(condition, Compare)
            and condition.relation == "="
            and isinstance(condition.left, Symbol)
            and condition.left.name in self.free
        }
        self.varies = self.vectors or self.indices or self.arbitrary or set(self.free) - set(self.values)
        unused = [
            node.name
            for condition in conditions
            for node in walk(condition)
            if isinstance(node, (Symbol, Member)) and not any(node.name in self.names_in(side) for side in sides)
        ]
        if unused and unused[0] not in ("n", *scope.definitions):
            raise Refused(f"the conditions speak of {unused[0]}, which stands on neither side")

    def names_in(self, node):
        names, indices = {}, {}
        self.free_names(node, frozenset(), names, indices)
        return {*names, *indices}

    def free_names(self, node, bound, names, indices):
        """Collect the free symbols of a tree, through the definitions that it uses."""

        def index(tree):
            for part in walk(tree):
                if isinstance(part, Symbol) and part.name not in bound and part.name != "n":
                    indices[part.name] = None

        if isinstance(node, (Symbol, Component, Call)):
            if node.name not in bound:
                definition = self.scope.definitions.get(node.name) if node.name not in self.scope.arbitrary else None
                if definition:
                    inner = {*definition.formals, *definition.indices}
                    for part in (definition.body, *(c for c in definition.conditions if not isinstance(c, Member))):
                        self.free_names(part, inner, names, indices)
                elif not isinstance(node, Call) or node.name in self.scope.arbitrary:
                    names[node.name] = None
            for part in getattr(node, "indices", ()):
                index(part)
            for part in getattr(node, "arguments", ()):
                self.free_names(part, bound, names, indices)
            return
        if isinstance(node, Ones):
            names["n"] = None
        if isinstance(node, Member):
            if node.kind == "index":
                indices[node.name] = None
            else:
                names[node.name] = None
            return
        if isinstance(node, Kronecker):
            index(node.left), index(node.right)
            return
        if isinstance(node, Big):
            for part in filter(None, (node.low, node.high, node.excluded)):
                index(part)
            names["n"] = None
            self.free_names(node.body, bound | {node.index}, names, indices)
            return
        if isinstance(node, (Integral, Expectation, Limit)):
            self.free_names(node.body, bound | {node.variable}, names, indices)
            for part in ("low", "high", "target"):
                if hasattr(node, part):
                    self.free_names(getattr(node, part), bound, names, indices)
            return
        for child in children(node):
            self.free_names(child, bound, names, indices)

    def check_definition(self, definition):
        """Nothing may depend on a symbol that the definition's left side leaves to the place where it is used."""
        loose = [index for index in self.indices if index not in definition.indices]
        if definition.formals and "z" in self.free and "z" not in definition.formals:
            loose.append("z")
        if loose:
            raise Refused(f"the right side depends on {loose[0]}, which is no argument or index of the left side")

    # Points

    def points(self):
        """(environment, special) where the conditions hold; round numbers and ends of pieces are special."""
        seen = 0
        for environment, special in itertools.islice(self.candidates(), 4000):
            ctx.prec = 128
            try:
                if not self.evaluator.all_hold(self.all_conditions, environment):
                    continue
            except (Undecided, Undefined):
                continue
            seen += 1
            yield environment, special
            if seen >= 400:
                break

    def candidates(self):
        for n in self.dimensions or (None,):
            combinations = list(itertools.product(range(1, (n or 0) + 1), repeat=len(self.indices)))
            rounds = (
                1
                if not self.free and not self.vectors and not self.arbitrary
                else max(2, -(-POINTS // len(combinations)))
                if n
                else 16
                if len(self.free) > 1 or self.arbitrary
                else 1
            )
            for number in range(rounds):
                start = {"n": arb(n)} if n else {}
                start |= {name: tuple(self.entry(number) for _ in range(n)) for name in self.vectors}
                start |= {name: Smooth(self.source) for name in self.arbitrary}
                for environment, special in self.scalars(start, number, few=bool(n)):
                    for combination in combinations:
                        yield environment | dict(zip(self.indices, map(arb, combination))), special

    def entry(self, number):
        return arb(self.source.randrange(-4, 5)) if number == 0 else self.dyadic(-6, 6)

    def dyadic(self, low, high):
        """A random number between two others, with few bits so that it is exact."""
        return arb(fmpq(self.source.randrange(1, 2**12), 2**12)) * (high - low) + low

    def scalars(self, start, number, few):
        environment = start | self.values
        order = [name for name in self.free if name not in self.values]
        order.sort(key=lambda name: name != "z")
        if not order:
            yield environment, True
            return
        main = order[number % len(order)] if len(order) > 1 and "z" not in order else order[0]
        for name in order:
            if name != main:
                environment[name] = self.parameter(name, number)
        try:
            cuts = self.cuts(main, environment) if number < 8 else []
        except (Undefined, Undecided):
            cuts = []
        several = len(order) > 1 or few or self.arbitrary
        special = [arb(x) for x in (0, 1, -1, 2, -2)]
        for x in [*special[: 1 if few else 5], *cuts]:
            yield environment | {main: x}, True
        for low, high in zip([None, *cuts], [*cuts, None]):
            for k in range(2 if few else 6 if several else 56):
                yield environment | {main: self.between(low, high, k)}, False

    def cuts(self, name, environment):
        """The points on the line of one variable where a condition or an expression changes its piece."""
        find = [*itertools.chain(*(kinks(node, self.evaluator) for node in (*self.all_conditions, *self.sides)))]
        whole = environment | dict(zip(self.indices, itertools.repeat(arb(1))))
        return roots([(lambda f: lambda x: f(whole | {name: x}))(f) for f in find])

    def between(self, low, high, k):
        if low is not None and high is not None:
            if k % 6 == 5:
                return low + (high - low) * arb(2) ** -self.source.randrange(8, 40)
            return self.dyadic(low, high)
        step = self.magnitude(k)
        return (
            low + step if low is not None else high - step if high is not None else step * self.source.choice((1, -1))
        )

    def magnitude(self, k):
        if k % 8 == 5:
            return arb(self.source.randrange(1, 2**10)) * arb(2) ** -self.source.randrange(12, 60)
        if k % 8 == 6:
            return self.dyadic(8, 60)
        return self.dyadic(60, 800) if k % 16 == 7 else self.dyadic(0, 8)

    def parameter(self, name, number):
        """A value of a parameter in its range: the closed ends first, then points inside, near the ends and far out."""
        low, high, closed = self.range(name)
        ends = [end for end, shut in zip((low, high), closed) if end is not None and shut]
        if number < len(ends):
            return ends[number]
        if number == len(ends) and (low is None or low < 1) and (high is None or high > 1):
            return arb(1)
        return self.between(low, high, number)

    def range(self, name):
        """The interval that the conditions give to a variable: low, high (None if not a number), (closed, closed)."""
        low = high = None
        closed = [False, False]
        ctx.prec = 128
        for condition in self.all_conditions:
            if not isinstance(condition, Compare):
                continue
            for here, there, flip in (
                (condition.left, condition.right, False),
                (condition.right, condition.left, True),
            ):
                if here == Symbol(name) and not self.names_in(there) and Constant("infinity") not in walk(there):
                    end = self.evaluator.value(there, {})
                    relation = condition.relation
                    below = relation in (">", r"\ge") if not flip else relation in ("<", r"\le")
                    above = relation in ("<", r"\le") if not flip else relation in (">", r"\ge")
                    if below and (low is None or end >= low):
                        low, closed[0] = end, relation in (r"\le", r"\ge")
                    if above and (high is None or end <= high):
                        high, closed[1] = end, relation in (r"\le", r"\ge")
        return low, high, tuple(closed)

    # Comparisons

    def value(self, node, environment):
        """A side's ball at the precision in force; infinite for \\pm\\infty."""
        if sign := infinite(node):
            return arb.pos_inf() if sign > 0 else arb.neg_inf()
        value = self.evaluator.value(node, environment)
        if isinstance(value, tuple):
            raise Undefined("a vector where a number is expected")
        return value

    def has_value(self, node, environment):
        """True if a definition has a value here, False if that takes too much precision; raises Refused."""
        for ctx.prec in PRECISIONS[:3]:
            try:
                return self.value(node, environment) is not None
            except Undecided:
                continue
            except Undefined as reason:
                raise Refused(f"at {self.place(environment)}: the definition has no value ({reason})") from None
        return False

    def holds_at(self, left, right, sign, unit, environment):
        """True if the relation holds here, False if the point says nothing (overflow); raises Refused."""
        self.evaluator.rough = self.evaluator.costly = False
        for ctx.prec in PRECISIONS:
            values = []
            for side, name in ((left, "left"), (right, "right")):
                try:
                    values.append(self.value(side, environment))
                except Undecided:
                    break
                except Undefined as reason:
                    raise Refused(f"at {self.place(environment)}: the {name} side has no value ({reason})") from None
            if len(values) < 2 or any(value.is_nan() for value in values):
                continue
            verdict = decide(sign, *values, unit, self.evaluator.rough)
            if verdict:
                return True
            if verdict is False:
                raise Refused(
                    f"at {self.place(environment)}: the left side is {shown(values[0])}, "
                    f"the right side {shown(values[1])}"
                )
            if self.evaluator.costly:
                break
        else:
            if len(values) == 2 and self.evaluator.rough and sign == "=" and abs(values[0] - values[1]) < COARSE:
                return True
        if self.evaluator.rough and not self.evaluator.costly:
            raise Refused(f"at {self.place(environment)}: the integral or limit can't be followed to 50 digits")
        return False

    def place(self, environment):
        def text(value):
            if isinstance(value, tuple):
                return "(" + ", ".join(map(text, value)) + ")"
            return shown(value if isinstance(value, arb) else self.evaluator.value(value, environment), 17)

        names = sorted([*self.free, *self.vectors, *self.indices], key=lambda name: name != "z")
        found = [f"{name.lstrip(chr(92))} = {text(environment[name])}" for name in names if name in environment]
        return ", ".join(found) or "this place"

    def closest(self, left, right):
        """Where the sides of an inequality come nearest to each other or cross, for a few values of the parameters."""
        if "z" not in self.free or "z" in self.values or self.dimensions:
            return
        for number in range(4 if len(self.free) > 1 else 1):
            environment = self.values | {name: Smooth(self.source) for name in self.arbitrary}
            for name in self.free:
                if name != "z" and name not in environment:
                    environment[name] = self.parameter(name, number)
            for x, touching in self.valleys(left, right, environment):
                ctx.prec = 128
                point = environment | {"z": x}
                try:
                    if self.evaluator.all_hold(self.all_conditions, point):
                        yield point, touching
                except (Undecided, Undefined):
                    continue

    def gap(self, left, right, environment):
        """The distance of the two sides, as a float."""
        ctx.prec = 320
        try:
            return abs(float((self.value(left, environment) - self.value(right, environment)).mid()))
        except (Undecided, Undefined, OverflowError):
            return float("inf")

    def valleys(self, left, right, environment):
        """The places where the distance of the two sides has a local minimum, the three deepest."""
        gap = lambda x: self.gap(left, right, environment | {"z": arb(x)})
        grid = [k / 8 for k in range(-96, 97)]
        gaps = [gap(x) for x in grid]
        lows = [
            k
            for k in range(1, len(grid) - 1)
            if gaps[k - 1] > gaps[k] <= gaps[k + 1] or gaps[k - 1] >= gaps[k] < gaps[k + 1]
        ]
        for k in sorted(lows, key=lambda k: gaps[k])[:3]:
            low, high = grid[k - 1], grid[k + 1]
            for _ in range(50):
                a, b = low + (high - low) / 3, high - (high - low) / 3
                low, high = (low, b) if gap(a) < gap(b) else (a, high)
            x = (low + high) / 2
            yield arb(x), gap(x) < TOUCH * min(gaps[k - 1], gaps[k + 1])


def decide(sign, left, right, unit, rough):
    """True or False if the balls decide the relation, None if more precision is needed."""
    if not (left.is_finite() and right.is_finite()):
        if not any(value.is_exact() and not value.is_finite() for value in (left, right)):
            return None
        return {
            "=": left == right,
            r"\ne": left != right,
            "<": left < right,
            ">": left > right,
            r"\le": left <= right,
            r"\ge": left >= right,
        }.get(sign, False)
    difference = left - right
    if sign == r"\approx":
        return True if abs(difference) <= unit / 2 else False if abs(difference) > unit / 2 else None
    bound, size = difference.abs_upper(), max(left.abs_lower(), right.abs_lower())
    if sign in ("<", ">", r"\le", r"\ge") and not rough:
        return decide_order(sign, difference)
    equal = bound <= DIGITS * size or bound <= NOTHING or rough and bound <= 16 * DIGITS * max(1, size)
    positive, negative = bool(difference > 0), bool(difference < 0)
    if rough and (positive or negative) and equal:
        positive = negative = False
    if sign in ("=", r"\ne"):
        verdict = False if positive or negative else True if equal else None
        return verdict if sign == "=" or verdict is None else not verdict
    wanted, other = (negative, positive) if sign in ("<", r"\le") else (positive, negative)
    if wanted or other:
        return wanted
    return sign in (r"\le", r"\ge") if equal else None


def decide_order(sign, difference):
    """Orders are decided by the difference's sign, equality by an exact zero or one to very many digits."""
    if difference > 0:
        return sign in (">", r"\ge")
    if difference < 0:
        return sign in ("<", r"\le")
    if difference.is_zero():
        return sign in (r"\le", r"\ge")
    if ctx.prec == PRECISIONS[-1] and difference.abs_upper() < arb(2) ** (-ctx.prec // 2) and sign in (r"\le", r"\ge"):
        return True
    return None


# The structure of a function's page


def is_function_page(page):
    return "functions/" in page.name and not page.name.endswith("index.md")


def check_structure(page, chains, result):
    """Both sections hold a chain from the derivative of g to an expression without derivatives."""
    for heading, order in (("First derivative", 1), ("Second derivative", 2)):
        place = page.text.find(f"\n## {heading}") + 1
        if not place:
            result.refuse(page, 0, f"found no section “{heading}”, expected one")
            continue
        if not any(display.heading == heading and derives(equation, order) for display, equation in chains):
            start = "g'(z)" if order == 1 else "g''(z)"
            result.refuse(
                page,
                place,
                f"found no chain under “{heading}” that starts with {start} and ends without a derivative",
            )


def derives(equation, order):
    """Whether a chain of the equation starts with the derivative of g and ends in a side without one."""
    for start, stop in zip(equation.starts, [*equation.starts[1:], len(equation.relations)]):
        chain = equation.relations[start:stop]
        if not chain or any(relation.relation != "=" for relation in chain):
            continue
        first, last = chain[0].left, chain[-1].right
        body = first.body if isinstance(first, Derivative) else first
        total = sum(k for _, k in first.variables) if isinstance(first, Derivative) else 0
        if (
            isinstance(body, Call)
            and body.name == "g"
            and body.order + total == order
            and not any(isinstance(node, Derivative) or isinstance(node, Call) and node.order for node in walk(last))
        ):
            return True
    return False
