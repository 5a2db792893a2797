"""What an activation function is here: facts, and one generator of its value, first and second derivative."""

import dataclasses
import inspect
import math
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import numpy as np

from reference.papers import PAPERS

# The order in which the site tells their story; within a family, the order of the source file.
FAMILIES = ("sigmoidal", "rectifier", "exponential", "gated", "vector")

CATALOGUE: dict[str, "Activation"] = {}

# Arrays are evaluated in blocks of about this many numbers, whose intermediate results stay in a core's cache: gelu
# makes 53 million numbers a second so, and 11 million in one piece of a million.
BLOCK = 1 << 14


@dataclasses.dataclass(frozen=True)
class Interval:
    """An interval of the real line; `str` and `parse` use the notation "[0, 1)", and `x in interval` tests a number."""

    low: float
    high: float
    closed_low: bool
    closed_high: bool

    @classmethod
    def parse(cls, text: str) -> "Interval":
        """Read "[0, 1)" or "(-inf, inf)". ValueError if that is not what it says, or if the interval is empty."""
        try:
            low, high = (float(end) for end in text[1:-1].split(","))
            interval = cls(low, high, {"[": True, "(": False}[text[0]], {"]": True, ")": False}[text[-1]])
        except (ValueError, KeyError, IndexError, TypeError):
            raise ValueError(f"found {text!r}, expected an interval such as '[0, 1)' or '(0, inf)'") from None
        closed_at_infinity = math.isinf(low) and interval.closed_low or math.isinf(high) and interval.closed_high
        if not low < high or closed_at_infinity:
            raise ValueError(f"found {text!r}, expected low < high, and round brackets at infinity")
        return interval

    def __contains__(self, x: float) -> bool:
        above = x >= self.low if self.closed_low else x > self.low
        below = x <= self.high if self.closed_high else x < self.high
        return bool(above and below)

    def __str__(self) -> str:
        return f"{'[' if self.closed_low else '('}{self.low:g}, {self.high:g}{']' if self.closed_high else ')'}"


@dataclasses.dataclass(frozen=True)
class Parameter:
    """A parameter of an activation function: a real scalar."""

    name: str
    default: float
    allowed: Interval
    shown: tuple[float, float]  # the range that sliders and figures use


@dataclasses.dataclass(frozen=True, eq=False)
class Activation:
    """An activation function g with its derivatives, and the facts about it that no computation can find.

    An elementwise function maps an array z of any shape to arrays of that shape: `g(z)` is the value,
    `g.derivative(z)`, `g.second_derivative(z)`, and `g.jet(z)` all three. A vector function works along the last axis:
    `g(z)` has the shape of z, (..., n), or (..., n / 2) if `inputs_per_output` is 2; `g.jacobian(z)` has (..., m, n)
    with [i, j] = dg_i/dz_j for the m outputs; `g.hessian(z)` has (..., m, n, n) with [i, j, k] = d2g_i/dz_j dz_k.
    Parameters are keyword arguments, scalars; `g.parameter_derivative("alpha", z, alpha=0.1)` is dg/d(alpha).

    z is whatever `numpy.asarray` takes and holds real numbers; it is never changed. float16 and float32 are evaluated
    in float64 and rounded once; every other real type gives float64. NaN gives NaN (in a vector function, to the whole
    vector); at +-inf the result is the limit, or NaN if there is none.

    Errors: TypeError if z isn't real, if a parameter is unknown or isn't a real scalar, or if a vector function is
    asked for an elementwise derivative (and conversely); ValueError if a parameter is outside `allowed`, or z has no
    axis (or an empty last one, or one of the wrong length) where a vector is needed.
    """

    name: str
    title: str
    family: str
    smoothness: float  # k if g is k times continuously differentiable and no more; math.inf; -1 if g itself jumps
    papers: tuple[str, ...]  # keys of PAPERS
    frameworks: Mapping[str, str]  # framework -> the call there that is this function with the defaults used here
    aliases: tuple[str, ...]
    vector: bool
    inputs_per_output: int  # of a vector function: 1, or 2 if it takes 2n numbers to n
    parameters: Mapping[str, Parameter]
    # Where g or a derivative of any order jumps.
    kink_points: tuple[float, ...] | Callable[..., tuple[float, ...]] = dataclasses.field(repr=False)
    orders: Callable[..., Iterator[np.ndarray]] = dataclasses.field(repr=False)  # yields g, g', g'', dg/d(parameter)

    def __call__(self, z, /, **parameters):
        """The value g(z)."""
        return self._evaluate(1, z, parameters)[0]

    def jet(self, z, /, **parameters):
        """The triple (g(z), g'(z), g''(z)) of an elementwise function."""
        self._require("jet", vector=False)
        return self._evaluate(3, z, parameters)

    def value_and_derivative(self, z, /, **parameters):
        """The pair (g(z), g'(z)) of an elementwise function: what a layer computes in training."""
        self._require("value_and_derivative", vector=False)
        return self._evaluate(2, z, parameters)

    def derivative(self, z, /, **parameters):
        """g'(z) of an elementwise function; at a kink, what PyTorch's automatic differentiation gives."""
        self._require("derivative", vector=False)
        return self._evaluate(2, z, parameters)[1]

    def second_derivative(self, z, /, **parameters):
        """g''(z) of an elementwise function; 0 where g, g' or g'' jumps."""
        self._require("second_derivative", vector=False)
        return self._evaluate(3, z, parameters)[2]

    def jacobian(self, z, /, **parameters):
        """The Jacobian of a vector function, (..., m, n): [i, j] = dg_i/dz_j."""
        self._require("jacobian", vector=True)
        return self._evaluate(2, z, parameters)[1]

    def hessian(self, z, /, **parameters):
        """The second derivatives of a vector function, (..., m, n, n): [i, j, k] = d2g_i/dz_j dz_k."""
        self._require("hessian", vector=True)
        return self._evaluate(3, z, parameters)[2]

    def parameter_derivative(self, parameter: str, z, /, **parameters):
        """dg/d(parameter) at z, for one of the entry's parameters: what is needed to learn it."""
        if parameter not in self.parameters:
            expected = ", ".join(self.parameters) or "none"
            raise TypeError(f"{self.name}: found an unknown parameter {parameter!r}, expected {expected}")
        order = 3 + list(self.parameters).index(parameter)
        return self._evaluate(order + 1, z, parameters)[order]

    def kinks(self, **parameters) -> tuple[float, ...]:
        """The points where g or one of its derivatives jumps."""
        values = self._values(parameters)
        return self.kink_points(**values) if callable(self.kink_points) else self.kink_points

    @property
    def source(self) -> str:
        """The entry's source text, decorator included."""
        return inspect.getsource(self.orders)

    @property
    def file(self) -> Path:
        """The file that holds the entry."""
        return Path(self.orders.__code__.co_filename)

    @property
    def line(self) -> int:
        """The line on which the entry begins."""
        return self.orders.__code__.co_firstlineno

    def _require(self, what: str, vector: bool) -> None:
        if self.vector != vector:
            kind, instead = ("a vector", "jacobian and hessian") if self.vector else ("an elementwise", "jet")
            raise TypeError(f"{self.name}: {what} is not defined, found {kind} function, expected {instead}")

    def _values(self, given: Mapping) -> dict[str, float]:
        values = {name: parameter.default for name, parameter in self.parameters.items()}
        for name, value in given.items():
            if name not in self.parameters:
                expected = ", ".join(self.parameters) or "none"
                raise TypeError(f"{self.name}: found an unknown parameter {name!r}, expected {expected}")
            allowed = self.parameters[name].allowed
            number = np.asarray(value)
            if number.ndim or number.dtype.kind not in "iuf":
                raise TypeError(f"{self.name}: {name} must be a real scalar in {allowed}, found {value!r}")
            if float(number) not in allowed:
                raise ValueError(f"{self.name}: {name} must be in {allowed}, found {value!r}")
            values[name] = float(number)
        return values

    def _evaluate(self, count: int, z, given: Mapping) -> tuple:
        """The first `count` of what the generator yields."""
        values = self._values(given)
        try:
            z = np.asarray(z)
        except ValueError as error:
            raise ValueError(f"{self.name}: z must be an array of real numbers: {error}") from None
        if z.dtype.kind not in "biuf":
            raise TypeError(f"{self.name}: z must be real (bool, int or float), found {z.dtype}")
        if self.vector and (z.ndim == 0 or z.shape[-1] == 0):
            raise ValueError(f"{self.name}: z must have a last axis with at least one entry, found the shape {z.shape}")
        if self.vector and z.shape[-1] % self.inputs_per_output:
            expected = f"a last axis whose length is a multiple of {self.inputs_per_output}"
            raise ValueError(f"{self.name}: z must have {expected}, found the shape {z.shape}")
        dtype = z.dtype.newbyteorder("=")
        dtype = dtype if dtype in (np.float16, np.float32) else np.dtype(float)
        n = z.shape[-1:] if self.vector else ()
        m = tuple(length // self.inputs_per_output for length in n)
        rows = z.reshape(-1, *n)
        shapes = [m + n * order if self.vector else () for order in range(count)]
        results = [np.empty(rows.shape[:1] + shape, dtype) for shape in shapes]
        step = max(1, BLOCK // math.prod(n) ** count)
        # Overflow to inf and underflow to 0 are meant; NaN is put in by hand, so that no entry need think of it.
        with np.errstate(all="ignore"):
            for start in range(0, len(rows), step):
                block = rows[start : start + step].astype(float)  # a copy: no entry can change the input
                nan = np.isnan(block).any(axis=-1) if self.vector else np.isnan(block)
                for result, order in zip(results, self.orders(block, **values)):
                    result[start : start + step] = order
                    if nan.any():
                        result[start : start + step][nan] = math.nan
        leading = z.shape[:-1] if self.vector else z.shape
        return tuple(result.reshape(leading + shape)[()] for result, shape in zip(results, shapes))


# The facts of an entry, with their types; those with a value here may be left out.
FACTS = {
    "title": str,
    "family": str,
    "smoothness": (int, float),
    "papers": tuple,
    "frameworks": dict,
    "aliases": tuple,
    "vector": bool,
    "inputs_per_output": int,
    "kinks": (tuple, Callable),
    "allowed": dict,
    "shown": dict,
}
OPTIONAL = {"aliases": (), "vector": False, "inputs_per_output": 1, "kinks": (), "allowed": {}, "shown": {}}


def activation(**facts):
    """Register the decorated generator in CATALOGUE, under its own name, as an `Activation` with these facts.

    The generator takes z (float64, without NaN; one axis, or two for a vector function) and its parameters as
    keyword-only arguments with their defaults. It yields value, first and second derivative, and then the derivative
    with respect to each parameter, in the order of the signature. It is run only as far as is asked: the value of
    softmax for n entries has n numbers, its second derivative n^3.

    Facts: title, family, smoothness, papers, frameworks, as in `Activation`; where they apply aliases, vector,
    inputs_per_output, kinks (a tuple, or a function of the parameters), allowed and shown (parameter -> interval such
    as "[0, 1)", and pair).
    ValueError, with file, line and name of the entry, if a fact is missing, unknown or wrong.
    """

    def register(orders):
        name, code = orders.__name__, orders.__code__

        def expect(truth, found, expected):
            if not truth:
                place = f"{code.co_filename}:{code.co_firstlineno}: {name}"
                raise ValueError(f"{place}: found {found}, expected {expected}")

        for fact in facts:
            expect(fact in FACTS, f"the unknown fact {fact!r}", f"facts out of {', '.join(FACTS)}")
        for fact, kind in FACTS.items():
            expect(fact in OPTIONAL | facts, f"no {fact}", "it among the facts")
            expect(isinstance((OPTIONAL | facts)[fact], kind), f"{fact} = {facts.get(fact)!r}", f"{kind}")
        entry = OPTIONAL | facts

        expect(inspect.isgeneratorfunction(orders), "no generator", "one that yields g, g' and g''")
        expect(entry["family"] in FAMILIES, f"the family {entry['family']!r}", f"one of {', '.join(FAMILIES)}")
        for key in entry["papers"]:
            expect(key in PAPERS, f"the paper {key!r}", "a key of PAPERS in papers.py")
        kinked = entry["smoothness"] < math.inf
        found = f"smoothness {entry['smoothness']} with kinks {entry['kinks']}"
        expect(kinked == bool(entry["kinks"]), found, "kinks if smoothness is finite, and only then")
        taken = {label: other.name for other in CATALOGUE.values() for label in (other.name, *other.aliases)}
        for label in (name, *entry["aliases"]):
            expect(label not in taken, f"the name {label!r}, taken by {taken.get(label)}", "a name of its own")

        arguments = list(inspect.signature(orders).parameters.values())[1:]
        for fact in ("allowed", "shown"):
            names = {argument.name for argument in arguments}
            expect(entry[fact].keys() == names, f"{fact} for {set(entry[fact])}", f"it for the parameters, {names}")
        parameters = {}
        for argument in arguments:
            key, default, shown = argument.name, argument.default, entry["shown"][argument.name]
            keyword = argument.kind is argument.KEYWORD_ONLY and default is not argument.empty
            expect(keyword, f"the parameter {key!r}", "a keyword-only argument with a default")
            try:
                allowed = Interval.parse(entry["allowed"][key])
            except ValueError as error:
                raise ValueError(f"{code.co_filename}:{code.co_firstlineno}: {name}: {key}: {error}") from None
            for number in (default, *shown):
                expect(number in allowed, f"{key} = {number}", f"default and shown range in {allowed}")
            parameters[key] = Parameter(key, float(default), allowed, tuple(map(float, shown)))

        CATALOGUE[name] = Activation(
            name=name,
            title=entry["title"],
            family=entry["family"],
            smoothness=entry["smoothness"],
            papers=entry["papers"],
            frameworks=entry["frameworks"],
            aliases=entry["aliases"],
            vector=entry["vector"],
            inputs_per_output=entry["inputs_per_output"],
            parameters=parameters,
            kink_points=entry["kinks"],
            orders=orders,
        )
        return CATALOGUE[name]

    return register
