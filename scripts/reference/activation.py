"""What an activation function is here: facts, and one generator of its value, first and second derivative."""

import inspect
import math
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import NamedTuple, Protocol

import numpy as np

# Arrays are evaluated in blocks of about this many numbers, whose intermediate results stay in a core's cache: gelu
# makes 53 million numbers a second so, and 11 million in one piece of a million.
BLOCK = 1 << 14


class Jet(NamedTuple):
    """Value, first and second derivative at the same points."""

    g: np.ndarray
    d1: np.ndarray
    d2: np.ndarray


class Curve(Protocol):
    """What has facts and can be drawn: an elementwise function, or an output of a vector function along a line."""

    def jet(self, z, /, **parameters) -> Jet:
        """Value, first and second derivative at z, an array; at a kink by convention, beside it one-sided."""

    def kinks(self, **parameters) -> tuple[float, ...]:
        """The points, in ascending order, where the value or one of its derivatives jumps."""


class Result(NamedTuple):
    """What an entry yields: an array and which one it is."""

    name: str
    array: np.ndarray


def g(array) -> Result:
    """The value: an array of the shape of z; of a vector function (rows, m)."""
    return Result("g", array)


def d1(array) -> Result:
    """The first derivative: an array of the shape of z; of a vector function the Jacobian (rows, m, n)."""
    return Result("d1", array)


def d2(array) -> Result:
    """The second derivative: an array of the shape of z; of a vector function (rows, m, n, n)."""
    return Result("d2", array)


def by(**derivative) -> Result:
    """The derivative of the value with respect to one parameter, as in by(alpha=array); of the shape of the value."""
    [(parameter, array)] = derivative.items()
    return Result(f"by({parameter})", array)


@dataclass(frozen=True)
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


@dataclass(frozen=True)
class Parameter:
    """A parameter of an activation function: a real scalar."""

    name: str
    default: float
    allowed: Interval
    shown: tuple[float, float]  # the range that sliders and figures use


@dataclass(frozen=True)
class Demonstration:
    """What figures, tables and the explorer show of a vector function: some outputs along a line through its inputs.

    A name is a letter and a number, as in "z1", which people read as z₁. In the texts, {0}, {1} ... are replaced by the
    numbers of `start`.
    """

    inputs: tuple[str, ...] = ("z1", "z2", "z3")
    start: tuple[float, ...] = (0.0, 1.0, 0.0)  # the inputs at 0 on the line
    moving: tuple[int, ...] = (0,)  # which of them move, all at the same speed
    axis: str = "z1"  # the name of the place on the line
    outputs: tuple[int, ...] = (0, 1, 2)  # those on show, at most three
    slope: str = "dg{0}/dz1"  # the name of output {0}'s slope along the line
    caption: str = (  # below the figure, in plain text
        "Three inputs: z₁ moves, z₂ = {1} and z₃ = {2}. Above: the outputs. Below: their slopes, the first column of "
        "the Jacobian."
    )
    note: str = "The other inputs stay at $z_2 = {1}$ and $z_3 = {2}$."  # above the table, in Markdown
    saturates: str = "as one input moves"
    kinks: tuple[float, ...] = ()  # where on the line an output on show or a derivative of it jumps
    kinked: str = ""  # where that happens with any inputs, in words: "where two inputs are equal"
    # Start and moving of another line, if the first output doesn't take all its values on this one.
    reach: tuple[tuple[float, ...], tuple[int, ...]] | None = None
    sliders: tuple[str, ...] = ("z1", "z2", "z3")  # the inputs of the explorer


def stated(*kinds, fact="", **how):
    """A field that an entry states, of one of these types; as `fact`, where a method has the name."""
    return field(metadata={"kinds": kinds, "fact": fact}, **how)


@dataclass(frozen=True, eq=False, kw_only=True)
class Activation:
    """An activation function g with its derivatives, and the facts about it that no computation can find.

    An elementwise function maps an array z of any shape to arrays of that shape: `g(z)` is the value,
    `g.derivative(z)`, `g.second_derivative(z)`, and `g.jet(z)` all three. A vector function works along the last axis:
    it takes n inputs to m outputs, with m/n as `lengths` says, so that `g(z)` has the shape (..., m);
    `g.jacobian(z)` has (..., m, n) with [i, j] = dg_i/dz_j; `g.hessian(z)` has (..., m, n, n) with
    [i, j, k] = d2g_i/dz_j dz_k. Parameters are keyword arguments, scalars; `g.parameter_derivative("alpha", z,
    alpha=0.1)` is dg/d(alpha).

    z is whatever `numpy.asarray` takes and holds real numbers; it is never changed. float16 and float32 are evaluated
    in float64 and rounded once; every other real type gives float64. NaN gives NaN (in a vector function, to the whole
    vector); at +-inf the result is the limit, or NaN if there is none. Outside `domain` nothing is promised.

    Errors: TypeError if z isn't real, if a parameter is unknown or isn't a real scalar, or if a vector function is
    asked for an elementwise derivative (and conversely); ValueError if a parameter is outside `allowed`, if z has no
    axis (or an empty last one, or one of the wrong length) where a vector is needed, or, with file and line, if the
    entry yields something else than it should.
    """

    name: str
    orders: Callable[..., Iterator[Result]] = field(repr=False)  # yields g, d1, d2 and by(parameter), in this order
    parameters: Mapping[str, Parameter]

    title: str = stated(str)
    family: str = stated(str)  # a key of FAMILIES
    # k if g is k times continuously differentiable and no more; math.inf; -1 if g itself jumps.
    smoothness: float = stated(int, float)
    papers: tuple[str, ...] = stated(tuple)  # keys of PAPERS
    # Framework -> the call there that is this function with the defaults used here; none, if no framework has it.
    frameworks: Mapping[str, str] = stated(dict)
    aliases: tuple[str, ...] = stated(tuple, default=())
    # Where g or a derivative of any order jumps, in ascending order; of a vector function its demonstration says it.
    kink_points: tuple[float, ...] | Callable = stated(tuple, Callable, fact="kinks", default=(), repr=False)
    # Between which z the digits are promised, where a parameter times z would overflow beyond.
    bounds: tuple[float, float] | Callable = stated(
        tuple, Callable, fact="domain", default=(-math.inf, math.inf), repr=False
    )
    # Parameter -> interval such as "[0, 1)", and the pair of numbers between which sliders and figures show it.
    allowed: Mapping[str, str] = stated(dict, default_factory=dict, repr=False)
    shown: Mapping[str, tuple[float, float]] = stated(dict, default_factory=dict, repr=False)
    vector: bool = stated(bool, default=False)
    lengths: tuple[int, int] = stated(tuple, default=(1, 1))  # so many inputs of a vector function for so many outputs
    demonstration: Demonstration = stated(Demonstration, default=Demonstration(), repr=False)

    def __call__(self, z, /, **parameters):
        """The value g(z)."""
        return self._evaluate(1, z, parameters)[0]

    def jet(self, z, /, **parameters) -> Jet:
        """The triple (g(z), g'(z), g''(z)) of an elementwise function."""
        self._require("jet", vector=False)
        return Jet(*self._evaluate(3, z, parameters))

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
        """The points where an elementwise g or one of its derivatives jumps."""
        values = self._values(parameters)
        return self.kink_points(**values) if callable(self.kink_points) else self.kink_points

    def domain(self, **parameters) -> tuple[float, float]:
        """Between which z the digits are promised."""
        values = self._values(parameters)
        return self.bounds(**values) if callable(self.bounds) else self.bounds

    def outputs(self, n: int) -> int:
        """How many outputs a vector function has for n inputs."""
        return n // self.lengths[0] * self.lengths[1]

    @property
    def results(self) -> tuple[str, ...]:
        """The names of what the entry yields, in order."""
        return ("g", "d1", "d2", *(f"by({parameter})" for parameter in self.parameters))

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

    def _array(self, z) -> np.ndarray:
        """z as an array of real numbers, of a shape that the function takes."""
        try:
            z = np.asarray(z)
        except ValueError as error:
            raise ValueError(f"{self.name}: z must be an array of real numbers: {error}") from None
        if z.dtype.kind not in "biuf":
            raise TypeError(f"{self.name}: z must be real (bool, int or float), found {z.dtype}")
        if self.vector and (z.ndim == 0 or z.shape[-1] == 0):
            raise ValueError(f"{self.name}: z must have a last axis with at least one entry, found the shape {z.shape}")
        if self.vector and z.shape[-1] % self.lengths[0]:
            expected = f"a last axis whose length is a multiple of {self.lengths[0]}"
            raise ValueError(f"{self.name}: z must have {expected}, found the shape {z.shape}")
        return z

    def _evaluate(self, count: int, z, given: Mapping) -> tuple:
        """The first `count` of what the generator yields."""
        values, z = self._values(given), self._array(z)
        dtype = z.dtype.newbyteorder("=")
        dtype = dtype if dtype in (np.float16, np.float32) else np.dtype(float)
        n = z.shape[-1:] if self.vector else ()
        m = tuple(map(self.outputs, n))
        rows = z.reshape(-1, *n)
        shapes = [m + n * (order if order < 3 else 0) for order in range(count)]
        results = [np.empty(rows.shape[:1] + shape, dtype) for shape in shapes]
        step = max(1, BLOCK // max(map(math.prod, shapes)))
        # Overflow to inf and underflow to 0 are meant; NaN is put in by hand, so that no entry need think of it.
        with np.errstate(all="ignore"):
            for start in range(0, len(rows), step):
                block = rows[start : start + step].astype(float)  # a copy: no entry can change the input
                nan = np.isnan(block).any(axis=-1) if self.vector else np.isnan(block)
                for result, array in zip(results, self._arrays(block, values, shapes), strict=True):
                    result[start : start + step] = array
                    if nan.any():
                        result[start : start + step][nan] = math.nan
        leading = z.shape[:-1] if self.vector else z.shape
        return tuple(result.reshape(leading + shape)[()] for result, shape in zip(results, shapes))

    def _arrays(self, block, values: Mapping, shapes) -> Iterator[np.ndarray]:
        """The arrays that the generator yields for a block, as many as there are shapes of their rows.

        ValueError, with file and line, if one is missing, misplaced, one too many, or no array of its shape.
        """
        generator = self.orders(block, **values)
        for name, shape in zip(self.results, shapes):
            array = self._named(generator, name).array
            if (
                not isinstance(array, np.ndarray)
                or array.shape != block.shape[:1] + shape
                or array.dtype.kind not in "bf"
            ):
                found = (
                    f"{array.dtype} array of the shape {array.shape}" if isinstance(array, np.ndarray) else repr(array)
                )
                self.refuse(
                    f"{found} as {name}", f"an array of floats of the shape {block.shape[:1] + shape}", generator
                )
            yield array
        if len(shapes) == len(self.results):
            self._named(generator, None)

    def _named(self, generator, name: str | None) -> Result | None:
        """The next that the generator yields, which has this name; None stands for the end."""
        found = next(generator, None)
        if not isinstance(found, Result) and found is not None:
            self.refuse(f"{type(found).__name__} without a name", f"{name}(...)" if name else "no more", generator)
        if (found and found.name) != name:
            what = found.name if found else "nothing more"
            self.refuse(
                what, f"{name or 'nothing more'}: it yields {', '.join(self.results)}, in this order", generator
            )
        return found

    def refuse(self, found: str, expected: str, generator=None):
        """ValueError with the line on which the generator stands, or else with that of the entry."""
        frame = generator and generator.gi_frame
        raise ValueError(
            f"{self.file}:{frame.f_lineno if frame else self.line}: {self.name}: found {found}, expected {expected}"
        )


# What an entry states: its keyword in the decorator -> the field of an Activation.
FACTS = {each.metadata["fact"] or each.name: each for each in fields(Activation) if each.metadata}
