"""The catalogue, its families, and the decorator that registers an entry or refuses it with file and line."""

import inspect
import math
from collections.abc import Callable, Mapping
from dataclasses import MISSING, dataclass
from typing import Any

import numpy as np

from reference.activation import FACTS, Activation, Interval, Parameter, Results, by, d1, d2, g
from reference.papers import PAPERS

__all__ = ["CATALOGUE", "FAMILIES", "Family", "activation", "by", "d1", "d2", "g"]


Expect = Callable[[bool, str, str], None]  # that it is so; what was found, what was expected


@dataclass(frozen=True)
class Family:
    """A chapter of the site's story."""

    key: str  # as entries name it
    title: str


# In the order of the story; within a family, that of the source file.
FAMILIES = {
    family.key: family
    for family in (
        Family("sigmoidal", "Sigmoidal"),
        Family("rectifier", "Rectifiers"),
        Family("exponential", "Exponential"),
        Family("gated", "Gated"),
        Family("vector", "Vector functions"),
    )
}

CATALOGUE: dict[str, Activation] = {}

# Where an entry is tried when it is registered: beside 0, and far enough for what settles to have settled.
NEAR = np.array([-2.5, -0.5, 0.0, 0.5, 1.5, 3.25])
FAR = 10.0 ** np.arange(20, 300, 35) * np.linspace(1, 2, 8)


def activation(**facts: Any) -> Callable[[Callable[..., Results]], Activation]:
    """Register the decorated generator in CATALOGUE, under its own name, as an `Activation` with these facts.

    The generator takes z (float64, without NaN; one axis, or two for a vector function) and its parameters as
    keyword-only arguments with their defaults. It yields g(value), d1(first derivative), d2(second derivative), and
    by(alpha=derivative) for each parameter, in the order of the signature. It is run only as far as is asked: the
    value of softmax for n entries has n numbers, its second derivative n^3.

    The facts are the fields of `Activation` that it calls stated; those with a default may be left out.
    ValueError, with file, line and name of the entry, if a fact is missing, unknown or wrong. What it yields is tried
    when all entries are there, as one may build on another: see `try_out`.
    """

    def register(orders: Callable[..., Results]) -> Activation:
        name, code = orders.__name__, orders.__code__

        def expect(truth: bool, found: str, expected: str) -> None:
            if not truth:
                place = f"{code.co_filename}:{code.co_firstlineno}: {name}"
                raise ValueError(f"{place}: found {found}, expected {expected}")

        check_facts(facts, expect)
        expect(inspect.isgeneratorfunction(orders), "no generator", "one that yields g, d1 and d2")
        fields = {FACTS[fact].name: value for fact, value in facts.items()}
        f = Activation(name=name, orders=orders, parameters=parameters(orders, facts, expect), **fields)
        check_names(f, expect)
        check_kinks(f, expect)
        CATALOGUE[name] = f
        return f

    return register


def check_facts(facts: Mapping[str, Any], expect: Expect) -> None:
    """Refuse a fact that is unknown, missing, or of another type."""
    for fact in facts:
        expect(fact in FACTS, f"the unknown fact {fact!r}", f"facts out of {', '.join(FACTS)}")
    for fact, field in FACTS.items():
        optional = field.default is not MISSING or field.default_factory is not MISSING
        expect(optional or fact in facts, f"no {fact}", "it among the facts")
        kinds = field.metadata["kinds"]
        expected = " or ".join(getattr(kind, "__name__", str(kind)) for kind in kinds)
        expect(fact not in facts or isinstance(facts[fact], kinds), f"{fact} = {facts.get(fact)!r}", f"a {expected}")


def parameters(orders: Callable[..., Results], facts: Mapping[str, Any], expect: Expect) -> dict[str, Parameter]:
    """Name -> Parameter, from the signature and from what the facts say of its arguments."""
    arguments = list(inspect.signature(orders).parameters.values())[1:]
    allowed, shown = facts.get("allowed", {}), facts.get("shown", {})
    for fact, given in (("allowed", allowed), ("shown", shown)):
        names = {argument.name for argument in arguments}
        expect(given.keys() == names, f"{fact} for {set(given) or '{}'}", f"it for the parameters, {names or '{}'}")
    found: dict[str, Parameter] = {}
    for argument in arguments:
        key, default = argument.name, argument.default
        keyword = argument.kind is argument.KEYWORD_ONLY and default is not argument.empty
        expect(keyword, f"the parameter {key!r}", "a keyword-only argument with a default")
        try:
            interval = Interval.parse(allowed[key])
        except ValueError as error:
            what, expected = str(error).removeprefix("found ").split(", expected ")
            expect(False, f"{key} in {what}", expected)
        for number in (default, *shown[key]):
            expect(number in interval, f"{key} = {number}", f"default and shown range in {interval}")
        found[key] = Parameter(key, float(default), interval, (float(shown[key][0]), float(shown[key][1])))
    return found


def check_names(f: Activation, expect: Expect) -> None:
    """Refuse a family or a paper that nobody knows, and a name that is taken."""
    expect(
        f.family in FAMILIES, f"the family {f.family!r}", f"one of {', '.join(FAMILIES)}, or a line more in FAMILIES"
    )
    for key in f.papers:
        expect(key in PAPERS, f"the paper {key!r}", "a key of PAPERS in papers.py")
    taken = {label: other.name for other in CATALOGUE.values() for label in (other.name, *other.aliases)}
    for label in (f.name, *f.aliases):
        expect(label not in taken, f"the name {label!r}, taken by {taken.get(label)}", "a name of its own")


def check_kinks(f: Activation, expect: Expect) -> None:
    """Refuse kinks of a smooth function, and a function with kinks that doesn't say where they are."""
    kinks = f.demonstration.kinks if f.vector else f.kink_points
    found = f"smoothness {f.smoothness} with kinks {kinks}"
    expect((f.smoothness < math.inf) == bool(kinks), found, "kinks if smoothness is finite, and only then")
    if f.vector:
        expect(not f.kink_points, "kinks of a vector function", "them in its demonstration")
        expect(bool(kinks) == bool(f.demonstration.kinked), "only one of kinks and kinked", "both in a demonstration")


def try_out(f: Activation) -> None:
    """Refuse an entry that doesn't yield what it should at a few points, or NaN where there is a number or a limit."""
    every = len(f.results)
    if f.vector:
        f._evaluate(every, np.linspace(-2.5, 3.25, 6 * f.lengths[0]).reshape(2, -1), {})
        return
    low, high = f.domain()
    z = np.concatenate([-FAR[::-1], NEAR, FAR])
    z = z[(z > low) & (z < high)]
    ends = np.array([-math.inf, math.inf])
    for name, inner, limits in zip(f.results, f._evaluate(every, z, {}), f._evaluate(every, ends, {})):
        for point in z[np.isnan(inner)]:
            f.refuse(f"NaN as {name} at z = {point:g}", "a number: a form that doesn't break there")
        for end, limit, tail in zip(ends, limits, (inner[z <= -FAR[0]], inner[z >= FAR[0]][::-1])):
            if np.isnan(limit) and settled(tail):
                f.refuse(f"NaN as {name} at z = {end:g}", f"the limit, about {tail[0]:g}, as the entry is asked for it")


def settled(tail: np.ndarray) -> bool:
    """Whether numbers far out, the farthest first, say that there is a limit: they agree, or grow without end."""
    if len(tail) < len(FAR):
        return False
    alike = np.isfinite(tail).all() and np.ptp(tail) <= 1e-9 * np.abs(tail).max()
    return alike or bool((np.diff(np.abs(tail)) <= 0).all() and (tail > 1e15).all() | (tail < -1e15).all())
