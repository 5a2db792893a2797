"""Parse a display's LaTeX strictly: what isn't understood is an error with its place, never skipped."""

import re
from contextlib import contextmanager
from dataclasses import dataclass, field

from .page import PageError
from .syntax import (
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
    Member,
    Number,
    Ones,
    Power,
    Product,
    Quotient,
    Sum,
    Symbol,
    Tends,
    infinite,
    walk,
)

TOKEN = re.compile(
    r"""
      (?P<space>\s+|\\[,;:!]|\\\s|%[^\n]*|\\(?:left|right|[bB]igg?[lr]?|displaystyle|limits|,)(?![A-Za-z]))
    | (?P<text>\\text\{(?P<words>[^{}]*)\})
    | (?P<name>\\operatorname\{(?P<letters>[A-Za-z][A-Za-z0-9\\_-]*)\})
    | (?P<d>\\mathrm\s*(?:d(?![A-Za-z]{3})|\{d\}))
    | (?P<ones>\\(?:mathbf|mathbb)\s*(?:1|\{1\}))
    | (?P<command>\\(?:begin|end)\{[a-z]+\*?\}|\\[A-Za-z]+|\\[\\{}|])
    | (?P<number>\d+(?:\.\d+)?)
    | (?P<letter>[A-Za-z])
    | (?P<mark>[-+*/=<>(){}\[\],;'^_&|!.])
""",
    re.VERBOSE,
)
GREEK = {
    "\\" + name
    for name in """alpha beta gamma delta epsilon varepsilon zeta eta theta vartheta iota kappa lambda mu nu
    xi rho varrho
    sigma tau upsilon phi varphi chi psi omega Gamma Delta Theta Lambda Xi Sigma Upsilon Phi Psi Omega ell""".split()
}
BUILTINS = {"\\" + name: name for name in "exp ln sin cos tan arctan sinh cosh tanh coth max min".split()} | {
    name: name for name in "sech csch erf erfc sgn arsinh artanh".split()
}
RELATIONS = {
    "=": "=",
    "<": "<",
    ">": ">",
    "\\le": r"\le",
    "\\leq": r"\le",
    "\\ge": r"\ge",
    "\\geq": r"\ge",
    "\\ne": r"\ne",
    "\\neq": r"\ne",
    "\\approx": r"\approx",
    "\\to": r"\to",
}
CONNECTIVES = {"for", "for all", "for every", "if", "and", "as", "where", "with", "when"}
ARBITRARY = re.compile(r"for (all|every) (twice )?(differentiable|smooth)( functions)?")
FRACTIONS = {"\\frac", "\\tfrac", "\\dfrac"}
INDEX_LETTERS = set("ijklm")
DECORATIONS = {"\\hat", "\\tilde", "\\bar"}
# What a factor may start with, and what the argument of \\tanh 2z may be made of.
STARTS = {*GREEK, *BUILTINS, *FRACTIONS, *DECORATIONS, "(", "[", "\\{", "\\begin{cases}"} | {
    "\\" + name for name in "sqrt lvert sum prod int lim underbrace overbrace pi infty mathbb".split()
}
PLAIN = GREEK | {"\\pi", "\\frac", "\\tfrac", "\\sqrt", "\\lvert"}


@dataclass(frozen=True)
class Token:
    kind: str
    text: str
    start: int
    stop: int


@dataclass
class Scope:
    """What is known at a place: definitions, variables with their conditions, vectors, and arbitrary functions."""

    definitions: dict = field(default_factory=dict)
    variables: dict = field(default_factory=lambda: {"z": ()})
    vectors: set = field(default_factory=set)
    arbitrary: tuple = ()

    def copy(self):
        return Scope(dict(self.definitions), dict(self.variables), set(self.vectors), self.arbitrary)


@dataclass(frozen=True)
class Relation:
    """One step of a chain: two sides, the relation between them, its conditions and the rule named for it."""

    left: object
    right: object
    relation: str
    conditions: tuple
    reason: str
    span: tuple
    defines: bool = False


@dataclass(frozen=True)
class Equation:
    """A parsed display: its relations (each of `starts` begins a chain), its scope, and what it defines."""

    relations: tuple
    starts: tuple
    scope: Scope
    definitions: tuple


def tokenize(page, start, stop):
    """The tokens of page.text[start:stop], spaces dropped, ended by one token of kind "end"."""
    tokens, position = [], start
    while position < stop:
        match = TOKEN.match(page.text, position, stop)
        if not match:
            found = re.match(r"\\?[A-Za-z]+|\\?.", page.text[position:stop])[0]
            raise PageError(page, position, f"found {found}, which the language of these pages doesn't have")
        kind, text = match.lastgroup, match[0]
        if match["text"] is not None:
            kind, text = "text", match["words"].strip()
        elif match["name"] is not None:
            kind, text = "name", match["letters"]
        elif kind in ("d", "ones"):
            text = kind
        end = match.end()
        if (
            kind == "number"
            and len(text) > 1
            and tokens
            and (tokens[-1].text in FRACTIONS or tokens[-1].kind == "number" and tokens[-2].text in FRACTIONS)
        ):
            text, end = text[0], position + 1  # \frac12 is 1/2: without braces TeX takes one digit
        if kind != "space":
            tokens.append(Token(kind, text, position, end))
        position = end
    stop = tokens[-1].stop if tokens else start
    return [*tokens, Token("end", "the end of the display", stop, stop)]


def parse(page, display, scope):
    """The Equation in a display; new definitions and their parameters are added to `scope`."""
    return Parser(page, tokenize(page, display.start, display.stop), scope).equation()


class Parser:
    """A recursive-descent parser of one display. `self.bound` holds the indices and integration variables in force."""

    def __init__(self, page, tokens, scope):
        self.page, self.tokens, self.position, self.shared = page, tokens, 0, scope
        self.scope, self.bound, self.declaring, self.normal = scope.copy(), [], False, set()
        self.defined = []

    # Tokens

    @property
    def token(self):
        return self.tokens[self.position]

    def at(self, *texts):
        return self.token.text in texts and self.token.kind not in ("text", "name")

    def take(self, *texts):
        if self.at(*texts):
            self.position += 1
            return self.tokens[self.position - 1]

    def expect(self, *texts):
        return self.take(*texts) or self.fail(f"expected {' or '.join(texts)}")

    def fail(self, message, token=None):
        token = token or self.token
        raise PageError(self.page, token.start, f"found {self.shown(token)}, {message}")

    def shown(self, token):
        return token.text if token.kind == "end" else self.page.text[token.start : token.stop]

    def span(self, start):
        return (self.tokens[start].start, self.tokens[self.position - 1].stop)

    @contextmanager
    def binding(self, *names):
        self.bound.append(set(names))
        yield
        self.bound.pop()

    # Rows, chains and conditions

    def equation(self):
        common, aligned = [], self.at("\\begin{aligned}")
        if aligned:
            self.position += 1
            end = self.find("\\end{aligned}")
            if self.tokens[end].kind == "end":
                self.fail("expected \\end{aligned} after it", self.tokens[0])
            self.conditions_at(end + 1, common)
        relations, starts, left = [], [], None
        while True:
            self.take("&")
            conditions, row = list(common), self.position
            stop = self.find("\\quad", "\\qquad", "&&", "\\\\", "\\end{aligned}")
            after = self.conditions_at(stop, conditions)
            if not self.at(*RELATIONS) or not starts:
                left = self.left_side(conditions)
                starts.append(len(relations))
            while self.position < stop and not self.at(",", "."):
                left = self.step(relations, left, conditions, row)
            self.take(",", ".")
            if self.position != stop:
                self.fail("expected a relation, \\quad with conditions, or the end of the row")
            self.position = after
            if len(relations) == starts[-1]:
                self.fail("expected a relation: a display must claim something", self.tokens[row])
            self.reason(relations)
            if not aligned or not self.take("\\\\"):
                break
        if aligned:
            self.expect("\\end{aligned}")
            self.position = self.conditions_at(self.position, [])
        if self.token.kind != "end":
            self.fail("expected the end of the display")
        return Equation(tuple(relations), tuple(starts), self.scope, tuple(self.defined))

    def find(self, *texts):
        """The position of the first of these tokens outside braces and inner environments, else of the end."""
        depth = 0
        for position in range(self.position, len(self.tokens)):
            token = self.tokens[position]
            if token.kind in ("mark", "command"):
                text = "&&" if token.text == "&" == self.tokens[position + 1].text else token.text
                if depth == 0 and text in texts:
                    return position
                depth += (text == "{" or text.startswith("\\begin")) - (text == "}" or text.startswith("\\end"))
        return position

    def step(self, relations, left, conditions, row):
        self.take("&")
        token = self.token
        relation = RELATIONS.get(token.text) if token.kind in ("mark", "command") else None
        if not relation:
            self.fail("expected a relation (= < > \\le \\ge \\ne \\approx \\to), an operator or \\quad with conditions")
        self.position += 1
        self.take("&")
        if isinstance(left, Definition):
            if relation != "=":
                self.fail(f"expected =: {left.name} is not defined yet", token)
            with self.binding(*left.formals, *left.indices):
                body = self.sum()
            definition = Definition(left.name, left.formals, left.indices, body, tuple(conditions), left.offset)
            self.define(definition)
            left = self.applied(definition)
            relations.append(Relation(left, body, relation, tuple(conditions), "", self.span(row), defines=True))
            return body
        right = self.sum()
        relations.append(Relation(left, right, relation, tuple(conditions), "", self.span(row)))
        return right

    def reason(self, relations):
        """The rule that a row names after &&: words for the reader, with mathematics that isn't a claim."""
        if self.at("&") and self.tokens[self.position + 1].text == "&":
            self.position += 2
            start = self.position
            if self.token.kind != "text":
                self.fail("expected the rule's name in \\text{...}")
            self.position = self.find("\\\\", "\\end{aligned}")
            first, last = self.span(start)
            relations[-1] = Relation(**{**vars(relations[-1]), "reason": self.page.text[first:last]})

    def left_side(self, conditions):
        """A chain's first side: an expression, or the head of a Definition if its symbol is new."""
        start, token = self.position, self.token
        if token.kind in ("letter", "name") or token.text in GREEK or token.text in DECORATIONS:
            name, indices, formals = self.head()
            known = self.kind(name) or name in BUILTINS or name == "e" or (name == "\\delta" and indices)
            if not known and self.at("="):
                return Definition(name, formals or (), indices or (), None, (), token.start)
            self.position = start
        return self.sum()

    def head(self):
        name, indices = self.symbol_name()
        formals = None
        if self.at("(") and not self.kind(name):
            formals, position = [], self.position
            while self.take("(" if not formals else ",", ";"):
                formals.append(self.tokens[self.position].text)
                self.position += 1
            if not self.take(")"):
                self.position, formals = position, None
        letters = indices and tuple(index.name for index in indices if isinstance(index, Symbol))
        return name, letters, formals and tuple(formals)

    def define(self, definition):
        if definition.formals == () and any(
            isinstance(node, Symbol) and node.name == definition.name for node in walk(definition.body)
        ):
            raise PageError(self.page, definition.offset, f"found {definition.name} in its own definition")
        vectors = {node.name for node in walk(definition.body) if isinstance(node, Component)} & {
            *definition.formals,
            *self.scope.variables,
        }
        for scope in (self.scope, self.shared):
            scope.definitions[definition.name] = definition
            scope.vectors |= vectors
            for formal in definition.formals:
                scope.variables.setdefault(formal, ())
            for condition in definition.conditions:
                if isinstance(condition, Member) and condition.kind != "index":
                    scope.variables.setdefault(condition.name, ())
                for node in walk(condition):
                    if isinstance(node, Symbol) and node.name not in scope.definitions:
                        scope.variables[node.name] = scope.variables.get(node.name, ()) + (
                            (condition,) if isinstance(condition, Compare) and node.name != "z" else ()
                        )
        self.defined.append(definition)

    def applied(self, definition):
        """The definition's left side as an expression."""
        indices = tuple(Symbol(index) for index in definition.indices)
        if definition.formals:
            return Call(
                definition.name,
                tuple(Symbol(formal) for formal in definition.formals),
                indices=indices,
                span=(definition.offset, definition.offset + 1),
            )
        return Component(definition.name, indices) if indices else Symbol(definition.name)

    def conditions_at(self, position, conditions):
        """Read the conditions at `position` into the list; return where they end. The parser stays where it was."""
        back, self.position = self.position, position
        while self.take("\\quad", "\\qquad"):
            pass
        if self.position > position:
            self.condition_list(conditions)
        end, self.position = self.position, back
        return end

    def condition_list(self, conditions):
        pending = []  # x and y of "x, y > 0"
        while self.token.kind != "end" and not self.at("&", "\\\\", "\\end{aligned}"):
            start = self.position
            if self.take(",", "\\quad", "\\qquad", ".", ";"):
                continue
            if self.token.kind == "text":
                words = self.token.text.strip(" ,")
                self.position += 1
                if ARBITRARY.fullmatch(words):
                    self.scope.arbitrary += tuple(self.arbitrary_names())
                elif words == "or":
                    last = []
                    self.condition_list(last)
                    previous = (
                        conditions.pop()
                        if conditions
                        else self.fail("expected a condition before “or”", self.tokens[start])
                    )
                    conditions.append(Either(((previous,), tuple(last)), span=self.span(start)))
                elif words not in CONNECTIVES:
                    self.fail(
                        "expected a condition, or one of: " + ", ".join(sorted(CONNECTIVES | {"or"})),
                        self.tokens[start],
                    )
                continue
            self.condition(conditions, pending)
        if pending:
            self.fail("expected a relation after the last symbol of the condition")

    def arbitrary_names(self):
        while self.token.kind == "letter" or self.token.text in GREEK:
            if self.tokens[self.position + 1].text in {"\\in", *RELATIONS}:
                break  # c of "for all differentiable f, c \\in \\mathbb{R}"
            yield self.token.text
            self.position += 1
            self.take(",")

    def condition(self, conditions, pending):
        start = self.position
        name = self.bare_symbol()
        if name and self.at(",") or name and self.token.kind == "text" and self.token.text in ("and", ","):
            pending.append((name, self.span(start)))
            return
        names = [*(symbol for symbol, _ in pending), name] if name else None
        if name and self.at("\\in", "\\sim", "\\to") or name and self.at("=") and self.range_follows():
            relation = self.token.text
            self.position += 1
            read = {"\\in": self.membership, "\\sim": self.distribution, "\\to": self.tendency, "=": self.index_range}[
                relation
            ]
            for symbol in names:
                position = self.position
                conditions.extend(read(symbol, start))
                if symbol != names[-1]:
                    self.position = position
            pending.clear()
            return
        if (
            name
            and self.at("=")
            and not self.kind(name)
            and self.tokens[self.position + 1].kind != "end"
            and not pending
        ):
            position = self.position
            self.position = start
            definition = self.left_side([])
            if isinstance(definition, Definition) and self.tokens[start - 1].text.strip(" ,") in ("where", "with"):
                self.step([], definition, [], start)
                return
            self.position = position
        self.position, self.declaring = start, True
        lefts = [Symbol(symbol, span=span) for symbol, span in pending] + [self.sum()]
        pending.clear()
        if not self.at(*RELATIONS):
            self.fail(
                "expected a relation: a condition is such as z > 0, \\alpha \\in \\mathbb{R} or i, j = 1, \\dots, n"
            )
        while self.at(*RELATIONS):
            relation = RELATIONS[self.token.text]
            if (
                relation in (r"\approx", r"\to")
                or relation == "="
                and not all(isinstance(left, Symbol) for left in lefts)
            ):
                self.fail("expected < > \\le \\ge \\ne, or a variable's value: a claim needs a display of its own")
            self.position += 1
            right = self.sum()
            conditions.extend(Compare(relation, left, right, span=self.span(start)) for left in lefts)
            lefts = [right]
        self.declaring = False

    def bare_symbol(self):
        """The symbol here if it stands alone before a comma or a condition's relation, else None with nothing read."""
        start = self.position
        if self.token.kind == "letter" or self.token.text in GREEK:
            name, indices = self.symbol_name()
            if indices and self.at("\\in"):
                self.scope.vectors.add(name)  # w_i \\in \\mathbb{R} declares the vector w
            if (not indices or self.at("\\in")) and (
                self.at(",", "=", "\\in", "\\sim", "\\to") or self.token.kind == "text"
            ):
                return name
        self.position = start

    def range_follows(self):
        texts = [token.text for token in self.tokens[self.position : self.position + 6]]
        return "\\dots" in texts or "\\ldots" in texts

    def declare(self, name):
        if name not in self.scope.definitions:
            self.scope.variables.setdefault(name, ())

    def index_range(self, name, start):
        self.expect("1")
        self.expect(",")
        self.expect("\\dots", "\\ldots")
        self.expect(",")
        self.expect("n")
        return [Member(name, "index", span=self.span(start))]

    def membership(self, name, start):
        self.declare(name)
        if self.take("\\mathbb"):
            self.braced(self.expect, "R")
            kind = "vector" if self.take("^") and self.expect("n") else "real"
            if kind == "vector":
                self.scope.vectors.add(name)
            return [Member(name, kind, span=self.span(start))]
        if self.take("\\{"):
            found = self.index_range(name, start)
            self.expect("\\}")
            return found
        opening = self.expect("[", "(").text
        low = self.sum()
        self.expect(",")
        high = self.sum()
        closing = self.expect("]", ")").text
        symbol, span = Symbol(name), self.span(start)
        bounds = [] if infinite(low) else [Compare(r"\ge" if opening == "[" else ">", symbol, low, span=span)]
        return bounds + (
            [] if infinite(high) else [Compare(r"\le" if closing == "]" else "<", symbol, high, span=span)]
        )

    def distribution(self, name, start):
        self.expect("\\mathcal")
        self.braced(self.expect, "N")
        for text in ("(", "0", ",", "1", ")"):
            self.expect(text)
        self.normal.add(name)
        return []

    def tendency(self, name, start):
        self.declare(name)
        target, side = self.target()
        return [Tends(name, target, side, span=self.span(start))]

    def target(self):
        with self.binding():
            target = self.signed_atom()
        side = 0
        if self.take("^"):
            side = 1 if self.braced(self.expect, "+", "-").text == "+" else -1
        return target, side

    def signed_atom(self):
        start = self.position
        sign = self.take("+", "-")
        node = self.atom()
        if sign and sign.text == "-":
            return Product((Number("-1"), node), span=self.span(start))
        return node

    # Expressions

    def sum(self):
        start, terms = self.position, []
        while True:
            operator = self.take("+", "-")
            if not operator and terms:
                break
            term = self.term()
            if operator and operator.text == "-":
                term = Product((Number("-1"), term), span=(operator.start, term.span[1]))
            terms.append(term)
        return terms[0] if len(terms) == 1 else Sum(tuple(terms), span=self.span(start))

    def term(self):
        start, factors = self.position, [self.division()]
        while True:
            if self.take("\\cdot", "\\times"):
                if self.at("+", "-"):
                    self.fail("expected a factor (put a signed factor into parentheses)")
            elif not self.starts_factor():
                break
            elif self.token.kind == "number":
                self.fail("expected an operator: a number after another factor needs \\cdot")
            factors.append(self.division())
        return factors[0] if len(factors) == 1 else Product(tuple(factors), span=self.span(start))

    def starts_factor(self):
        token = self.token
        return token.kind in ("letter", "number", "name", "ones") or token.kind != "text" and token.text in STARTS

    def division(self):
        start, node = self.position, self.factor()
        if self.take("/"):
            node = Quotient(node, self.factor(), span=self.span(start))
            if self.at("/", "\\cdot", "\\times") or self.starts_factor():
                self.fail("expected an end of the division: a/b c can be read in two ways, write \\frac or parentheses")
        return node

    def factor(self):
        start, node = self.position, self.atom()
        if self.at("^"):
            node = self.power(node, start)
        if self.at("^", "_", "'", "!"):
            self.fail("expected an operator or the next factor (a second index or exponent needs parentheses)")
        return node

    def power(self, base, start):
        self.expect("^")
        if self.take("{"):
            exponent = self.sum()
            self.expect("}")
        else:
            exponent = self.single("an exponent")
        return Power(base, exponent, span=self.span(start))

    def single(self, role):
        """A one-token argument, as TeX reads it: x^10 would print as x^1 0, so it is an error."""
        token = self.token
        if (
            token.kind == "number"
            and len(token.text) > 1
            or token.kind not in ("number", "letter")
            and token.text not in (GREEK | {"\\pi"})
        ):
            self.fail(f"expected {role} of one character, or braces")
        return self.atom()

    def argument(self):
        """The argument of \\frac or \\sqrt: braces, or one token, of which TeX takes one digit."""
        if self.take("{"):
            node = self.sum()
            self.expect("}")
            return node
        return self.single("an argument")

    def atom(self):
        start, token = self.position, self.token
        if token.kind == "number":
            self.position += 1
            return Number(token.text, span=(token.start, token.stop))
        if token.kind == "ones":
            self.position += 1
            if not self.take("["):
                return Ones(span=self.span(start))
            found = []
            self.condition_chain(found)
            self.expect("]")
            return Indicator(tuple(found), span=self.span(start))
        for opening, closing in (("(", ")"), ("[", "]"), ("\\{", "\\}"), ("{", "}")):
            if self.take(opening):
                node = self.sum()
                if self.at(","):
                    self.fail(f"expected {closing}: a list stands only after a function's name")
                self.expect(closing)
                return node
        if self.take("\\lvert"):
            node = self.sum()
            self.expect("\\rvert")
            return Call("abs", (node,), span=self.span(start))
        if token.text in BUILTINS and token.kind != "text":
            return self.builtin()
        if token.kind in ("letter", "name") or token.text in GREEK or token.text in DECORATIONS:
            return self.symbol()
        if self.take("\\begin{cases}"):
            return self.cases(start)
        if token.kind == "command" and (read := getattr(self, "read_" + token.text[1:], None)):
            self.position += 1
            return read(start)
        if token.kind == "text":
            self.fail("expected mathematics: words stand after \\quad or &&")
        hint = {
            "|": " (bars are written \\lvert ... \\rvert)",
            "\\log": " (write \\ln)",
            "d": " (a derivative is \\frac{\\mathrm d}{\\mathrm dz})",
        }
        self.fail("expected an expression" + hint.get(token.text, ""))

    def condition_chain(self, found):
        """z > 0 or 0 < z \\le 1 inside an indicator or a case."""
        start, left = self.position, self.sum()
        if not self.at(*RELATIONS):
            self.fail("expected a relation of the condition")
        while self.at(*RELATIONS):
            relation = RELATIONS[self.token.text]
            if relation in (r"\approx", r"\to"):
                self.fail("expected one of = < > \\le \\ge \\ne")
            self.position += 1
            right = self.sum()
            found.append(Compare(relation, left, right, span=self.span(start)))
            left = right

    def read_pi(self, start):
        return Constant("pi", span=self.span(start))

    def read_infty(self, start):
        return Constant("infinity", span=self.span(start))

    def read_sqrt(self, start):
        degree = Number("2")
        if self.take("["):
            degree = self.sum()
            self.expect("]")
        return Power(self.argument(), Quotient(Number("1"), degree), span=self.span(start))

    def read_frac(self, start):
        if (
            self.at("{")
            and self.tokens[self.position + 1].text in ("d", "\\partial")
            and self.tokens[self.position + 1].kind != "letter"
        ):
            return self.derivative(start)
        numerator = self.argument()
        return Quotient(numerator, self.argument(), span=self.span(start))

    read_tfrac = read_dfrac = read_frac

    def derivative(self, start):
        self.expect("{")
        sign = self.expect("d", "\\partial")
        d = sign.text
        total, body = self.small_exponent(), None
        if not self.at("}"):
            body = self.derivative_subject()
        self.expect("}")
        self.expect("{")
        variables = []
        while not self.take("}"):
            if not (self.token.kind == "d" if d == "d" else self.at(d)):
                self.fail(f"expected {self.shown(sign)} and a variable")
            self.position += 1
            variables.append((self.derivative_variable(), self.small_exponent()))
        if sum(order for _, order in variables) != total:
            self.fail(f"expected variables of total order {total}", self.tokens[self.position - 1])
        if body is None:
            body = self.operand("a derivative's operand")
        return Derivative(body, tuple(variables), span=self.span(start))

    def derivative_subject(self):
        """g or g_i(z) or u in the numerator of dg/dz; a function's name alone means its value at its own argument."""
        start, token = self.position, self.token
        if token.kind in ("letter", "name") or token.text in GREEK:
            name, indices = self.symbol_name()
            if self.kind(name) == "function" and self.at("}"):
                formals = self.scope.definitions[name].formals if name in self.scope.definitions else ("z",)
                return Call(name, tuple(map(Symbol, formals)), indices=indices or (), span=self.span(start))
            self.position = start
        return self.term()

    def derivative_variable(self):
        start, token = self.position, self.token
        if token.kind != "letter" and token.text not in GREEK:
            self.fail("expected a variable")
        name, indices = self.symbol_name()
        if not self.kind(name):
            self.fail(f"expected a known variable: {name} is neither defined nor declared", token)
        return Component(name, indices, span=self.span(start)) if indices else Symbol(name, span=self.span(start))

    def small_exponent(self):
        return int(self.braced(self.whole, "expected an order from 1 to 9")) if self.take("^") else 1

    def whole(self, message, digits=1):
        """A positive whole number of so many digits at most."""
        token = self.token
        if token.kind != "number" or "." in token.text or len(token.text) > digits or token.text == "0":
            self.fail(message)
        self.position += 1
        return token.text

    def braced(self, read, *arguments):
        """What `read` gives, with or without braces around it."""
        braces = self.take("{")
        value = read(*arguments)
        if braces:
            self.expect("}")
        return value

    def operand(self, role):
        """What d/dz applies to: a bracketed group with its power, or the factors up to + - \\cdot or a relation."""
        if self.at("(", "[", "\\{"):
            square, node = self.at("["), self.factor()
            if not square and self.starts_factor():
                self.fail(f"expected \\cdot, or [...] around {role}: it is not clear where it ends")
            return node
        start = self.position
        factors = [self.division()]
        while self.starts_factor():
            factors.append(self.division())
        if self.at("\\cdot", "\\times") and self.tokens[start].text not in ("\\frac", "\\tfrac", "\\dfrac"):
            self.fail(f"expected [...] around {role}: it is not clear where it ends")
        return factors[0] if len(factors) == 1 else Product(tuple(factors), span=self.span(start))

    def cases(self, start):
        branches = []
        while not self.at("\\end{cases}"):
            value = self.sum()
            self.take(",")
            self.expect("&")
            found = []
            if self.token.kind == "text" and self.token.text.strip(" .") in ("otherwise", "else"):
                self.position += 1
                found = None
            else:
                if self.token.kind == "text" and self.token.text.strip() in ("if", "for"):
                    self.position += 1
                self.case_conditions(found)
            self.take(",", ".")
            branches.append((value, None if found is None else tuple(found)))
            if not self.take("\\\\"):
                break
            if found is None:
                self.fail("expected \\end{cases} after the “otherwise” case")
        self.expect("\\end{cases}")
        if len(branches) < 2:
            self.fail("expected at least two cases", self.tokens[start])
        return Cases(tuple(branches), span=self.span(start))

    def case_conditions(self, found):
        self.condition_chain(found)
        while self.at(",") or self.token.kind == "text" and self.token.text in ("and", "or"):
            start, word = self.position, self.token.text
            self.position += 1
            if word == "," and self.at("\\\\", "\\end{cases}"):
                self.position = start
                return
            more = []
            self.condition_chain(more)
            found[:] = [Either((tuple(found), tuple(more)))] if word == "or" else found + more

    def read_underbrace(self, start, sign="_"):
        """The content; the words under or over the brace are for the reader."""
        node = self.argument()
        if self.take(sign):
            self.expect("{")
            if self.token.kind != "text":
                self.fail("expected \\text{...} beside the brace")
            self.position += 1
            self.expect("}")
        return node

    def read_overbrace(self, start):
        return self.read_underbrace(start, "^")

    def read_sum(self, start, kind="sum"):
        self.expect("_")
        low = high = excluded = None
        with self.binding():
            if self.take("{"):
                index = self.index_letter()
                if self.take("="):
                    low = self.sum()
                elif self.take("\\ne", "\\neq"):
                    excluded = self.index()
                self.expect("}")
            else:
                index = self.index_letter()
        if self.take("^"):
            high = self.argument()
        if low is not None and high is None:
            self.fail("expected the upper end ^{n} of the range")
        with self.binding(index):
            body = self.term()
        return Big(kind, index, low, high, excluded, body, span=self.span(start))

    def read_prod(self, start):
        return self.read_sum(start, "prod")

    def index_letter(self):
        if self.token.kind != "letter":
            self.fail("expected an index letter")
        self.position += 1
        return self.tokens[self.position - 1].text

    def read_int(self, start):
        self.expect("_")
        low = self.bound_argument()
        self.expect("^")
        high = self.bound_argument()
        depth = 0
        for position in range(self.position, len(self.tokens) - 1):
            token = self.tokens[position]
            depth += (token.text == "\\int") - (token.kind == "d" and self.tokens[position - 1].text != "{")
            if depth < 0:
                break
        else:
            self.fail("expected an integral that ends in \\,\\mathrm dt", self.tokens[start])
        variable = self.tokens[position + 1].text
        with self.binding(variable):
            body = self.sum() if position > self.position else Number("1")
        if self.position != position:
            self.fail("expected \\mathrm d and the integration variable")
        self.position += 2
        return Integral(variable, low, high, body, span=self.span(start))

    def bound_argument(self):
        return self.read_infty(self.position - 1) if self.take("\\infty") else self.argument()

    def read_lim(self, start):
        self.expect("_")
        self.expect("{")
        variable, _ = self.symbol_name()
        self.expect("\\to")
        target, side = self.target()
        self.expect("}")
        with self.binding(variable):
            body = self.term()
        return Limit(variable, target, side, body, span=self.span(start))

    def read_mathbb(self, start):
        self.braced(self.expect, "E")
        if not self.at("[", "("):
            self.fail("expected [ after the expectation sign")
        if len(self.normal) != 1:
            self.fail("expected the condition Z \\sim \\mathcal{N}(0, 1) with this display", self.tokens[start])
        variable = next(iter(self.normal))
        with self.binding(variable):
            body = self.atom()
        return Expectation(variable, body, span=self.span(start))

    # Symbols and functions

    def kind(self, name):
        """What a symbol is here: "function", "quantity", "variable", or None if it isn't known."""
        if any(name in names for names in self.bound):
            return "variable"
        if name in self.scope.arbitrary:
            return "function"
        if name in self.scope.definitions:
            return "function" if self.scope.definitions[name].formals else "quantity"
        if name in self.scope.variables or name == "n":
            return "variable"

    def symbol_name(self):
        """A symbol with its index: `z_i` gives ("z", indices), `z_0` and `\\sigma_w` a name of their own."""
        token = self.token
        self.position += 1
        name = token.text
        if name in DECORATIONS:
            self.expect("{")
            name += "{" + self.token.text + "}"
            self.position += 1
            self.expect("}")
        indices = None
        if self.take("_"):
            indices = self.subscript(name)
            if isinstance(indices, str):
                name, indices = f"{name}_{indices}", None
        if self.at("^") and (self.tokens[self.position + 1].text in ("*", "\\ast")):
            self.position += 2
            name += "^*"
        return name, indices

    def subscript(self, name):
        """Indices as a tuple of expressions, or the label that makes the subscript part of the name."""
        if not self.take("{"):
            token = self.token
            self.position += 1
            if token.kind == "letter" and token.text in INDEX_LETTERS:
                return (Symbol(token.text, span=(token.start, token.stop)),)
            if token.kind == "number" and len(token.text) == 1 and self.indexed(name):
                return (Number(token.text, span=(token.start, token.stop)),)
            if (
                token.kind == "letter"
                or token.kind == "number"
                and len(token.text) == 1
                or token.text in GREEK | {"\\ast"}
            ):
                return token.text
            self.fail("expected an index of one character, or braces", token)
        if self.token.kind == "text" or self.token.text in BUILTINS:
            label = self.token.text
            self.position += 1
            self.expect("}")
            return label
        if (
            self.token.kind == "letter"
            and self.token.text not in INDEX_LETTERS | {"n"}
            or (self.token.kind == "number" and not self.indexed(name))
        ):
            label = ""
            while not self.take("}"):
                if self.token.kind not in ("letter", "number"):
                    self.fail("expected letters and digits, or }")
                label += self.token.text
                self.position += 1
            return label
        indices = []
        while not self.take("}"):
            indices.append(self.index())
            self.take(",")
        return tuple(indices)

    def index(self):
        """An index: a letter or a number, possibly shifted as in z_{i+1}."""
        start, token = self.position, self.token
        if token.kind not in ("letter", "number"):
            self.fail("expected an index")
        self.position += 1
        kind, span = Symbol if token.kind == "letter" else Number, (token.start, token.stop)
        index = kind(token.text, span=span)
        if operator := self.take("+", "-"):
            shift = Number(operator.text.replace("+", "") + self.token.text)
            if self.token.kind != "number":
                self.fail("expected a number after the index")
            self.position += 1
            index = Sum((index, shift), span=self.span(start))
        return index

    def indexed(self, name):
        return name in self.scope.vectors or name in self.scope.definitions and self.scope.definitions[name].indices

    def symbol(self):
        start, token = self.position, self.token
        if token.text == "e":
            self.position += 1
            return Constant("e", span=self.span(start))
        name, indices = self.symbol_name()
        if name == "\\delta" and indices and len(indices) == 2 and not self.kind(name):
            return Kronecker(*indices, span=self.span(start))
        kind = self.kind(name)
        if not kind and self.declaring:
            self.declare(name)
            kind = "variable"
        if not kind:
            also = " (neither a function nor a quantity, so what follows is not clear)" if self.at("(") else ""
            self.fail(f"expected a known symbol: {name} is neither defined nor declared{also}", token)
        if kind == "function":
            return self.application(name, indices or (), start)
        if indices is not None:
            definition = self.scope.definitions.get(name)
            if kind == "quantity" and len(definition.indices) != len(indices):
                self.fail(f"expected {len(definition.indices)} indices", token)
            node = Component(name, indices, span=self.span(start))
        else:
            if kind == "quantity" and self.scope.definitions[name].indices:
                self.fail("expected an index", token)
            node = Symbol(name, span=self.span(start))
        if primes := self.primes():
            if kind != "quantity":
                self.fail("expected a function or a quantity before the prime", token)
            node = Derivative(node, ((Symbol("z"), primes),), span=self.span(start))
        return node

    def primes(self):
        order = 0
        while self.take("'"):
            order += 1
        if (
            not order
            and self.at("^")
            and [token.text for token in self.tokens[self.position + 1 : self.position + 3]] == ["{", "("]
        ):
            self.position += 3
            token = self.token
            self.position += 1
            if token.kind != "number":
                self.fail("expected a number: g^{(3)} is the third derivative", token)
            order = int(token.text)
            self.expect(")")
            self.expect("}")
        return order

    def application(self, name, indices, start):
        order, exponent = self.primes(), self.function_power()
        if not indices and self.at("_"):
            self.fail("expected ( after the function's name")
        if not self.at("("):
            self.fail(f"expected ( : {name} is a function, write its argument")
        arguments = self.arguments()
        definition = self.scope.definitions.get(name) if name not in self.scope.arbitrary else None
        expected = len(definition.formals) if definition else 1
        if len(arguments) != expected:
            self.fail(f"expected {expected} argument{'s' * (expected > 1)} of {name}", self.tokens[start])
        if len(indices) != (len(definition.indices) if definition else 0):
            self.fail(f"expected {len(definition.indices) if definition else 0} indices of {name}", self.tokens[start])
        if order and expected > 1:
            self.fail(
                "expected \\frac{\\partial}{\\partial ...}: a prime needs a function of one argument",
                self.tokens[start],
            )
        node = Call(name, arguments, order, indices, span=self.span(start))
        return Power(node, exponent, span=self.span(start)) if exponent else node

    def arguments(self):
        closing = {"(": ")", "\\{": "\\}"}[self.expect("(", "\\{").text]
        found = [self.sum()]
        while self.take(",", ";"):
            found.append(self.sum())
        self.expect(closing)
        return tuple(found)

    def function_power(self):
        """tanh^2 z: a positive whole power of the value (a negative one could mean the inverse function)."""
        start = self.position
        if not self.take("^"):
            return None
        text = self.braced(self.whole, "expected a whole number as the power of a function", 1 + self.at("{"))
        return Number(text, span=self.span(start))

    def builtin(self):
        start, name = self.position, BUILTINS[self.token.text]
        self.position += 1
        if name in ("max", "min"):
            if self.at("_"):
                return self.read_sum(start, name)
            if not self.at("(", "\\{"):
                self.fail("expected ( and a list")
            arguments = self.arguments()
            if len(arguments) < 2:
                self.fail(f"expected at least two arguments of {name}", self.tokens[start])
            return Call(name, arguments, span=self.span(start))
        exponent = self.function_power()
        if self.at("("):
            arguments = self.arguments()
            if len(arguments) > 1:
                self.fail(f"expected one argument of {name}", self.tokens[start])
        else:
            arguments = (self.unparenthesised(name),)
        node = Call(name, arguments, span=self.span(start))
        return Power(node, exponent, span=self.span(start)) if exponent else node

    def unparenthesised(self, name):
        r"""The argument of \tanh 2z: numbers, symbols, roots, fractions; before a parenthesis it would be ambiguous."""
        start, factors = self.position, []
        while True:
            token = self.token
            plain = token.kind in ("letter", "number") or token.text in PLAIN
            if token.kind == "name" or not plain or token.text == "e" or self.is_function(token):
                break
            if factors and token.text in ("\\frac", "\\tfrac", "\\lvert"):
                self.fail(f"expected parentheses around the argument of {name}: it is not clear where it ends")
            factors.append(self.division())
        if factors and (self.at("(", "[", "\\{", "e", "\\begin{cases}", "\\sum", "\\int") or self.token.kind == "ones"):
            self.fail(f"expected parentheses around the argument of {name}: it is not clear where it ends")
        if not factors:
            if self.is_function(self.token) or self.token.text in BUILTINS or self.at("e"):
                return self.factor()
            self.fail(f"expected the argument of {name}")
        return factors[0] if len(factors) == 1 else Product(tuple(factors), span=self.span(start))

    def is_function(self, token):
        return (token.kind in ("letter", "name") or token.text in GREEK) and self.kind(token.text) == "function"
