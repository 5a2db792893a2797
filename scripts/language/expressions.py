r"""Expressions: sums, products, powers, functions, derivatives, integrals and limits, as trees."""

from functools import cache

from .functions import FUNCTIONS, SPELLED
from .page import Page
from .scope import Scope
from .symbols import Symbols
from .tokens import DECORATIONS, FRACTIONS, GREEK, RELATIONS, Token, tokenize
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
)

# What a factor may start with, and what the argument of \tanh 2z may be made of.
STARTS = {*GREEK, *SPELLED, *FRACTIONS, *DECORATIONS, "(", "[", "\\{", "\\begin{cases}"} | {
    "\\" + name for name in "sqrt lvert sum prod int lim underbrace overbrace pi infty mathbb".split()
}
PLAIN = GREEK | {"\\pi", "\\frac", "\\tfrac", "\\sqrt", "\\lvert"}
BRACKETS = {"(": ")", "[": "]", "\\{": "\\}", "{": "}"}
HINTS = {
    "|": " (bars are written \\lvert ... \\rvert)",
    "\\log": " (write \\ln)",
    "d": " (a derivative is \\frac{\\mathrm d}{\\mathrm dz})",
}
UNCLEAR = "it is not clear where it ends"


class Expressions(Symbols):
    """Reads expressions by recursive descent, from sums down to atoms; what could be read in two ways is an error.

    `declaring` is set while a condition may introduce a symbol; `normal` holds the standard normal variables.
    """

    def __init__(self, page: Page, tokens: list[Token], scope: Scope) -> None:
        super().__init__(page, tokens, scope)
        self.declaring = False
        self.normal: set[str] = set()

    # Arithmetic

    def sum(self) -> Node:
        """Terms with + and - between them."""
        start = self.position
        terms: list[Node] = []
        while True:
            operator = self.take("+", "-")
            if not operator and terms:
                break
            term = self.term()
            if operator and operator.text == "-":
                term = Product((Number("-1"), term), span=(operator.start, term.span[1]))
            terms.append(term)
        return terms[0] if len(terms) == 1 else Sum(tuple(terms), span=self.span(start))

    def term(self) -> Node:
        """Factors side by side or with \\cdot between them."""
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
        return self.product(factors, start)

    def product(self, factors: list[Node], start: int) -> Node:
        """One factor as it is, several as their product."""
        return factors[0] if len(factors) == 1 else Product(tuple(factors), span=self.span(start))

    def starts_factor(self) -> bool:
        """Whether a factor may start here."""
        token = self.token
        return token.kind in ("letter", "number", "name", "ones") or token.kind != "text" and token.text in STARTS

    def division(self) -> Node:
        """A factor, or a/b with an end that is clear."""
        start, node = self.position, self.factor()
        if self.take("/"):
            node = Quotient(node, self.factor(), span=self.span(start))
            if self.at("/", "\\cdot", "\\times") or self.starts_factor():
                self.fail("expected an end of the division: a/b c can be read in two ways, write \\frac or parentheses")
        return node

    def factor(self) -> Node:
        """An atom with its exponent."""
        start, node = self.position, self.atom()
        if self.at("^"):
            node = self.power(node, start)
        if self.at("^", "_", "'", "!"):
            self.fail("expected an operator or the next factor (a second index or exponent needs parentheses)")
        return node

    def power(self, base: Node, start: int) -> Node:
        """The exponent after ^."""
        self.expect("^")
        if self.take("{"):
            exponent = self.sum()
            self.expect("}")
        else:
            exponent = self.single("an exponent")
        return Power(base, exponent, span=self.span(start))

    def single(self, role: str) -> Node:
        """A one-token argument, as TeX reads it: x^10 would print as x^1 0, so it is an error."""
        token = self.token
        plain = token.kind in ("number", "letter") or token.text in GREEK | {"\\pi"}
        if not plain or token.kind == "number" and len(token.text) > 1:
            self.fail(f"expected {role} of one character, or braces")
        return self.atom()

    def argument(self) -> Node:
        """The argument of \\frac or \\sqrt: braces, or one token, of which TeX takes one digit."""
        if self.take("{"):
            node = self.sum()
            self.expect("}")
            return node
        return self.single("an argument")

    def signed_atom(self) -> Node:
        """An atom with a sign, such as the target of a limit."""
        start = self.position
        sign = self.take("+", "-")
        node = self.atom()
        if sign and sign.text == "-":
            return Product((Number("-1"), node), span=self.span(start))
        return node

    # Atoms

    def atom(self) -> Node:
        """What an exponent can stand on."""
        start, token = self.position, self.token
        if token.kind == "number":
            self.position += 1
            return Number(token.text, span=(token.start, token.stop))
        if token.kind == "ones":
            self.position += 1
            return self.ones(start)
        if opening := self.take(*BRACKETS):
            return self.bracketed(BRACKETS[opening.text])
        if token.text in SPELLED and token.kind != "text":
            return self.known_function()
        if token.is_symbol:
            return self.symbol()
        if token.kind == "command" and token.text in COMMANDS:
            self.position += 1
            return COMMANDS[token.text](self, start)
        if token.kind == "text":
            self.fail("expected mathematics: words stand after \\quad or &&")
        self.fail("expected an expression" + HINTS.get(token.text, ""))

    def bracketed(self, closing: str) -> Node:
        """A sum and its closing bracket."""
        node = self.sum()
        if self.at(","):
            self.fail(f"expected {closing}: a list stands only after a function's name")
        self.expect(closing)
        return node

    def ones(self, start: int) -> Node:
        """The vector of ones, or the indicator of what stands in brackets."""
        if not self.take("["):
            return Ones(span=self.span(start))
        found = self.condition_chain()
        self.expect("]")
        return Indicator(tuple(found), span=self.span(start))

    def absolute(self, start: int) -> Node:
        """Between \\lvert and \\rvert."""
        node = self.sum()
        self.expect("\\rvert")
        return Call("abs", (node,), span=self.span(start))

    def pi(self, start: int) -> Node:
        """The number pi."""
        return Constant("pi", span=self.span(start))

    def infinity(self, start: int) -> Node:
        """Infinity: an end, a target or a side."""
        return Constant("infinity", span=self.span(start))

    def root(self, start: int) -> Node:
        """A root, as the power 1/degree."""
        degree: Node = Number("2")
        if self.take("["):
            degree = self.sum()
            self.expect("]")
        return Power(self.argument(), Quotient(Number("1"), degree), span=self.span(start))

    def fraction(self, start: int) -> Node:
        """A quotient, or a derivative if its numerator starts with a d."""
        if self.at("{") and self.ahead().text in ("d", "\\partial") and self.ahead().kind != "letter":
            return self.derivative(start)
        numerator = self.argument()
        return Quotient(numerator, self.argument(), span=self.span(start))

    def underbrace(self, start: int, sign: str = "_") -> Node:
        """The content; the words under or over the brace are for the reader."""
        node = self.argument()
        if self.take(sign):
            self.expect("{")
            if self.token.kind != "text":
                self.fail("expected \\text{...} beside the brace")
            self.position += 1
            self.expect("}")
        return node

    def overbrace(self, start: int) -> Node:
        """As an underbrace, with its words above."""
        return self.underbrace(start, "^")

    # Derivatives

    def derivative(self, start: int) -> Node:
        """d/dz of what follows, or of what stands in the numerator."""
        self.expect("{")
        sign = self.expect("d", "\\partial")
        total, body = self.order(), None
        if not self.at("}"):
            body = self.derivative_subject()
        self.expect("}")
        self.expect("{")
        variables = []
        while not self.take("}"):
            if not (self.token.kind == "d" if sign.text == "d" else self.at(sign.text)):
                self.fail(f"expected {self.shown(sign)} and a variable")
            self.position += 1
            variables.append((self.variable(), self.order()))
        if sum(order for _, order in variables) != total:
            self.fail(f"expected variables of total order {total}", self.tokens[self.position - 1])
        if body is None:
            body = self.operand("a derivative's operand")
        return Derivative(body, tuple(variables), span=self.span(start))

    def order(self) -> int:
        """The order of a derivative: an exponent from 1 to 9, 1 without one."""
        return int(self.braced(self.whole, "expected an order from 1 to 9")) if self.take("^") else 1

    def derivative_subject(self) -> Node:
        """g or g_i(z) or u in the numerator of dg/dz; a function's name alone means its value at its own argument."""
        start, token = self.position, self.token
        if token.kind in ("letter", "name") or token.text in GREEK:
            name, indices = self.symbol_name()
            if self.kind(name) == "function" and self.at("}"):
                formals = self.scope.definitions[name].formals if name in self.scope.definitions else ("z",)
                return Call(name, tuple(map(Symbol, formals)), indices=indices or (), span=self.span(start))
            self.position = start
        return self.term()

    def operand(self, role: str) -> Node:
        """What d/dz applies to: a bracketed group with its power, or the factors up to + - \\cdot or a relation."""
        if self.at("(", "[", "\\{"):
            square, node = self.at("["), self.factor()
            if not square and self.starts_factor():
                self.fail(f"expected \\cdot, or [...] around {role}: {UNCLEAR}")
            return node
        start, factors = self.position, [self.division()]
        while self.starts_factor():
            factors.append(self.division())
        if self.at("\\cdot", "\\times") and self.tokens[start].text not in FRACTIONS:
            self.fail(f"expected [...] around {role}: {UNCLEAR}")
        return self.product(factors, start)

    # Pieces

    def condition_chain(self) -> list[Compare]:
        """z > 0 or 0 < z \\le 1 inside an indicator or a case."""
        start, left = self.position, self.sum()
        found = []
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
        return found

    def cases(self, start: int) -> Node:
        """The rows of a cases environment, of which the last may be “otherwise”."""
        branches = []
        while not self.at("\\end{cases}"):
            value = self.sum()
            self.take(",")
            self.expect("&")
            found = self.case_conditions()
            self.take(",", ".")
            branches.append((value, found))
            if not self.take("\\\\"):
                break
            if found is None:
                self.fail("expected \\end{cases} after the “otherwise” case")
        self.expect("\\end{cases}")
        if len(branches) < 2:
            self.fail("expected at least two cases", self.tokens[start])
        return Cases(tuple(branches), span=self.span(start))

    def case_conditions(self) -> tuple[Node, ...] | None:
        """The conditions of one case, None for “otherwise”."""
        if self.token.kind == "text" and self.token.text.strip(" .") in ("otherwise", "else"):
            self.position += 1
            return None
        if self.token.kind == "text" and self.token.text.strip() in ("if", "for"):
            self.position += 1
        found: list[Node] = [*self.condition_chain()]
        while self.at(",") or self.at_word("and", "or"):
            start, word = self.position, self.next().text
            if word == "," and self.at("\\\\", "\\end{cases}"):
                self.position = start
                break
            more = self.condition_chain()
            found = [Either((tuple(found), tuple(more)))] if word == "or" else [*found, *more]
        return tuple(found)

    # Sums, integrals, limits

    def big(self, start: int, kind: str = "sum") -> Node:
        """A sum, product, maximum or minimum over an index."""
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

    def big_product(self, start: int) -> Node:
        """As a sum."""
        return self.big(start, "prod")

    def integral(self, start: int) -> Node:
        """An integral between two ends, up to its \\mathrm dt."""
        self.expect("_")
        low = self.end()
        self.expect("^")
        high = self.end()
        last = self.differential(start)
        variable = self.tokens[last + 1].text
        with self.binding(variable):
            body = self.sum() if last > self.position else Number("1")
        if self.position != last:
            self.fail("expected \\mathrm d and the integration variable")
        self.position += 2
        return Integral(variable, low, high, body, span=self.span(start))

    def end(self) -> Node:
        """An end of an integral."""
        return self.infinity(self.position - 1) if self.take("\\infty") else self.argument()

    def differential(self, start: int) -> int:
        """The position of the \\mathrm d that ends an integral, inner integrals and derivatives passed over."""
        depth = 0
        for position in range(self.position, len(self.tokens) - 1):
            token = self.tokens[position]
            depth += (token.text == "\\int") - (token.kind == "d" and self.tokens[position - 1].text != "{")
            if depth < 0:
                return position
        self.fail("expected an integral that ends in \\,\\mathrm dt", self.tokens[start])

    def limit(self, start: int) -> Node:
        """A limit as a variable tends to a number or to infinity."""
        self.expect("_")
        self.expect("{")
        variable, _ = self.symbol_name()
        self.expect("\\to")
        target, side = self.target()
        self.expect("}")
        with self.binding(variable):
            body = self.term()
        return Limit(variable, target, side, body, span=self.span(start))

    def target(self) -> tuple[Node, int]:
        """What a variable tends to, and from which side."""
        with self.binding():
            target = self.signed_atom()
        side = 0
        if self.take("^"):
            side = 1 if self.braced(self.expect, "+", "-").text == "+" else -1
        return target, side

    def expectation(self, start: int) -> Node:
        """The mean over a standard normal variable."""
        self.braced(self.expect, "E")
        if not self.at("[", "("):
            self.fail("expected [ after the expectation sign")
        if len(self.normal) != 1:
            self.fail("expected the condition Z \\sim \\mathcal{N}(0, 1) with this display", self.tokens[start])
        (variable,) = self.normal
        with self.binding(variable):
            body = self.atom()
        return Expectation(variable, body, span=self.span(start))

    # Symbols and functions

    def symbol(self) -> Node:
        """A variable, a component, a quantity, Kronecker's delta or the call of a defined function."""
        start, token = self.position, self.token
        if token.text == "e":
            self.position += 1
            return Constant("e", span=self.span(start))
        name, indices = self.symbol_name()
        if name == "\\delta" and indices and len(indices) == 2 and not self.kind(name):
            return Kronecker(*indices, span=self.span(start))
        kind = self.kind(name)
        if not kind and self.declaring:
            self.scope.declare(name)
            kind = "variable"
        if not kind:
            also = " (neither a function nor a quantity, so what follows is not clear)" if self.at("(") else ""
            self.fail(f"expected a known symbol: {name} is neither defined nor declared{also}", token)
        if kind == "function":
            return self.application(name, indices or (), start)
        node = self.named(name, indices, kind, start)
        if primes := self.primes():
            if kind != "quantity":
                self.fail("expected a function or a quantity before the prime", token)
            node = Derivative(node, ((Symbol("z"), primes),), span=self.span(start))
        return node

    def named(self, name: str, indices: tuple[Node, ...] | None, kind: str, start: int) -> Node:
        """A variable or a quantity with as many indices as it has."""
        token = self.tokens[start]
        if indices is None:
            if kind == "quantity" and self.scope.definitions[name].indices:
                self.fail("expected an index", token)
            return Symbol(name, span=self.span(start))
        if kind == "quantity" and (wanted := len(self.scope.definitions[name].indices)) != len(indices):
            self.fail(f"expected {wanted} indices", token)
        return Component(name, indices, span=self.span(start))

    def application(self, name: str, indices: tuple[Node, ...], start: int) -> Node:
        """A defined or arbitrary function, with its primes, the power of its value, and its arguments."""
        order, exponent = self.primes(), self.function_power()
        if not indices and self.at("_"):
            self.fail("expected ( after the function's name")
        if not self.at("("):
            self.fail(f"expected ( : {name} is a function, write its argument")
        arguments = self.arguments()
        definition = self.scope.definitions.get(name) if name not in self.scope.arbitrary else None
        self.check_application(name, definition, len(arguments), len(indices), order, self.tokens[start])
        node = Call(name, arguments, order, indices, span=self.span(start))
        return Power(node, exponent, span=self.span(start)) if exponent else node

    def check_application(
        self, name: str, definition: Definition | None, arguments: int, indices: int, order: int, token: Token
    ) -> None:
        """Refuse a call with too many or too few arguments or indices, or a prime that could mean two derivatives."""
        formals, subscripts = (len(definition.formals), len(definition.indices)) if definition else (1, 0)
        if arguments != formals:
            self.fail(f"expected {formals} argument{'s' * (formals > 1)} of {name}", token)
        if indices != subscripts:
            self.fail(f"expected {subscripts} indices of {name}", token)
        if order and formals > 1:
            self.fail("expected \\frac{\\partial}{\\partial ...}: a prime needs a function of one argument", token)

    def arguments(self) -> tuple[Node, ...]:
        """A list in parentheses or braces."""
        closing = BRACKETS[self.expect("(", "\\{").text]
        found = [self.sum()]
        while self.take(",", ";"):
            found.append(self.sum())
        self.expect(closing)
        return tuple(found)

    def function_power(self) -> Number | None:
        """tanh^2 z: a positive whole power of the value (a negative one could mean the inverse function)."""
        start = self.position
        if not self.take("^"):
            return None
        text = self.braced(self.whole, "expected a whole number as the power of a function", 1 + self.at("{"))
        return Number(text, span=self.span(start))

    def known_function(self) -> Node:
        """A function of the table, with or without parentheses around its argument."""
        start, name = self.position, SPELLED[self.next().text]
        if FUNCTIONS[name].several:
            return self.choice(name, start)
        exponent = self.function_power()
        if self.at("("):
            arguments = self.arguments()
            if len(arguments) > 1:
                self.fail(f"expected one argument of {name}", self.tokens[start])
        else:
            arguments = (self.unparenthesised(name),)
        node = Call(name, arguments, span=self.span(start))
        return Power(node, exponent, span=self.span(start)) if exponent else node

    def choice(self, name: str, start: int) -> Node:
        """The largest or smallest of a list, or over an index."""
        if self.at("_"):
            return self.big(start, name)
        if not self.at("(", "\\{"):
            self.fail("expected ( and a list")
        arguments = self.arguments()
        if len(arguments) < 2:
            self.fail(f"expected at least two arguments of {name}", self.tokens[start])
        return Call(name, arguments, span=self.span(start))

    def unparenthesised(self, name: str) -> Node:
        r"""The argument of \tanh 2z: numbers, symbols, roots, fractions; before a parenthesis it would be ambiguous."""
        unclear = f"expected parentheses around the argument of {name}: {UNCLEAR}"
        start = self.position
        factors: list[Node] = []
        while self.is_plain(self.token):
            if factors and self.token.text in ("\\frac", "\\tfrac", "\\lvert"):
                self.fail(unclear)
            factors.append(self.division())
        if factors and (self.at("(", "[", "\\{", "e", "\\begin{cases}", "\\sum", "\\int") or self.token.kind == "ones"):
            self.fail(unclear)
        if not factors:
            if self.is_function(self.token) or self.token.text in SPELLED or self.at("e"):
                return self.factor()
            self.fail(f"expected the argument of {name}")
        return self.product(factors, start)

    def is_plain(self, token: Token) -> bool:
        """Whether an argument without parentheses may go on with this token."""
        plain = token.kind in ("letter", "number") or token.text in PLAIN
        return plain and token.kind != "name" and token.text != "e" and not self.is_function(token)


COMMANDS = {
    "\\lvert": Expressions.absolute,
    "\\begin{cases}": Expressions.cases,
    "\\pi": Expressions.pi,
    "\\infty": Expressions.infinity,
    "\\sqrt": Expressions.root,
    **dict.fromkeys(FRACTIONS, Expressions.fraction),
    "\\underbrace": Expressions.underbrace,
    "\\overbrace": Expressions.overbrace,
    "\\sum": Expressions.big,
    "\\prod": Expressions.big_product,
    "\\int": Expressions.integral,
    "\\lim": Expressions.limit,
    "\\mathbb": Expressions.expectation,
}


@cache
def formula(text: str) -> Node:
    """The tree of a formula in x, such as an entry of the table of functions."""
    page = Page(text, "a formula")
    reader = Expressions(page, tokenize(page, 0, len(text)), Scope(variables={"x": ()}))
    node = reader.sum()
    if reader.token.kind != "end":
        reader.fail("expected the end of the formula")
    return node
