"""Every equation with one thing changed must be refused: `python -m tools.mutants` runs all and lists the survivors."""

import argparse
import itertools
import multiprocessing
import random
import re
import sys
import time
import tomllib
from dataclasses import dataclass
from pathlib import Path

import layout
from derivations import check
from language.displays import parse
from language.functions import FUNCTIONS
from language.page import Page, PageError
from language.scope import Scope
from language.tokens import tokenize
from language.tree import Cases, Compare, Limit, Number, Product, Symbol, walk

EQUIVALENT = Path(__file__).with_name("equivalent_mutants.toml")
SWAPS = [(row.spelling, FUNCTIONS[row.alike].spelling) for row in FUNCTIONS.values() if row.alike] + [
    (r"\sigma", r"\Phi"),
    (r"\Phi", r"\sigma"),
    (r"\varphi", r"\sigma"),
    (r"\operatorname{relu}", r"\operatorname{softplus}"),
    (r"\operatorname{softplus}", r"\operatorname{relu}"),
]
TURNED = {"<": ">", ">": "<", r"\le": r"\ge", r"\ge": r"\le", "=": r"\ne"}
LOOSER = {">": r"\ge", "<": r"\le"}


@dataclass(frozen=True)
class Mutant:
    """One change of a page: text[start:stop] becomes `new`; `display` is the number of its equation.

    `bound` marks a change of an inequality's sides, after which it is often a weaker one, and true.
    """

    page: str
    display: int
    kind: str
    start: int
    stop: int
    new: str
    bound: bool


class Site:
    """The pages as they stand: their displays, and what is defined before each of them."""

    def __init__(self):
        self.texts, self.pages, self.before, self.equations = {}, {}, {}, {}
        notation = Scope()
        names = [layout.NOTATION, *(path for path in layout.pages() if path != layout.NOTATION)]
        for path in names:
            name, text = layout.relative(path), path.read_text(encoding="utf-8")
            scope = Scope() if path == layout.NOTATION else notation.copy()
            page = Page(text, name)
            self.texts[name], self.pages[name], self.before[name], self.equations[name] = text, page, [], []
            for display in page.displays:
                self.before[name].append(scope.copy())
                self.equations[name].append(None if display.unchecked else parse(page, display, scope))
            if path == layout.NOTATION:
                notation = scope

    def mutants(self, name):
        """All mutants of a page, those with the same text once."""
        text, seen = self.texts[name], set()
        for number, (display, equation) in enumerate(zip(self.pages[name].displays, self.equations[name])):
            if equation is None:
                continue
            orders = any(
                relation.relation in LOOSER or relation.relation in LOOSER.values() for relation in equation.relations
            )
            tokens = tokenize(self.pages[name], display.start, display.stop)
            for kind, start, stop, new in [*token_changes(tokens), *tree_changes(text, equation)]:
                changed = text[display.start : start] + new + text[stop : display.stop]
                if (number, changed) not in seen and text[start:stop] != new:
                    seen.add((number, changed))
                    yield Mutant(name, number, kind, start, stop, new, orders and kind not in ("relation", "condition"))

    def changed(self, mutant):
        """The mutated line, for the reader."""
        text = self.texts[mutant.page]
        first, last = text.rfind("\n", 0, mutant.start) + 1, text.find("\n", mutant.stop)
        return (text[first : mutant.start] + mutant.new + text[mutant.stop : last]).strip()

    def original(self, mutant):
        text = self.texts[mutant.page]
        return text[text.rfind("\n", 0, mutant.start) + 1 : text.find("\n", mutant.stop)].strip()

    def survives(self, mutant):
        """Whether the checker accepts the equation and, if it defines something, all that follows."""
        text = self.texts[mutant.page][: mutant.start] + mutant.new + self.texts[mutant.page][mutant.stop :]
        try:
            page = Page(text, mutant.page)
        except PageError:
            return False
        scope = self.before[mutant.page][mutant.display].copy()
        later = len(page.displays) if self.equations[mutant.page][mutant.display].definitions else mutant.display + 1
        if not accepts(page, page.displays[mutant.display : later], scope):
            return False
        if later == mutant.display + 1:
            return True
        return mutant.page != layout.relative(layout.NOTATION) or all(
            accepts(other, other.displays, scope.copy()) for name, other in self.pages.items() if name != mutant.page
        )


def accepts(page, displays, scope):
    for display in displays:
        if display.unchecked:
            continue
        result = check.Result(page.name)
        try:
            equation = parse(page, display, scope)
        except PageError:
            return False
        check.check_equation(page, display, equation, result, 0)
        if result.refused:
            return False
    return True


def token_changes(tokens):
    """Changed signs, digits, functions, relations, primes and indices: (kind, start, stop, new text)."""
    reason, condition = False, False
    for previous, token, following in zip([tokens[-1], *tokens], tokens, [*tokens[1:], tokens[-1]]):
        if token.text in ("\\\\", "\\end{aligned}", "\\end{cases}"):
            reason = condition = False
        elif token.text == "&" == following.text and token.start + 1 == following.start:
            reason = True
        elif token.text in ("\\quad", "\\qquad"):
            condition = True
        if reason or token.kind == "text":
            continue
        for kind, new in token_versions(token, previous, condition):
            yield kind, token.start, token.stop, new


def token_versions(token, previous, condition):
    """What may stand for one token, as (kind, new text); in a condition only signs change."""
    if token.text in "+-" and token.kind == "mark":
        yield "sign", "-" if token.text == "+" else "+"
    if condition:
        return
    if token.kind == "number":
        yield from other_digits(token.text)
    yield from other_functions(token)
    if token.text in TURNED and token.kind in ("mark", "command") and previous.text not in ("k", "i", "j"):
        yield "relation", TURNED[token.text]
    if token.text == "'":
        yield "prime", ""
    yield from other_index(token, previous)
    if token.text in ("\\alpha", "\\beta"):
        yield "variable", "z"


def other_functions(token):
    """What may be taken for the function that a token names."""
    for old, new in SWAPS:
        source = old.removeprefix("\\operatorname{").removesuffix("}") if token.kind == "name" else old
        if token.text == source:
            yield "function", new


def other_index(token, previous):
    """Another index for one of i, j and k that stands where indices stand."""
    if token.kind == "letter" and token.text in "ijk" and previous.text in ("_", "{", "i", "j", "k"):
        yield "index", {"i": "j", "j": "i", "k": "i"}[token.text]


def other_digits(text):
    """A number with its last digit changed and, of several digits, with its first."""
    yield "digit", text[:-1] + str((int(text[-1]) + 1) % 10)
    if "." in text or len(text) > 1:
        yield "digit", str((int(text[0]) + 1) % 10 or 1) + text[1:]


def tree_changes(text, equation):
    """Dropped factors, cases and conditions, swapped variables, looser conditions: (kind, start, stop, new text)."""
    others = sorted({name for name in equation.scope.variables if name.startswith("\\")})
    for relation in equation.relations:
        near = text[relation.span[0] : relation.span[1] + 200]
        named = [name for name in others if re.search(re.escape(name) + r"(?![A-Za-z])", near)]
        for side in (relation.left, relation.right) if not relation.defines else (relation.right,):
            doubled = relation.relation == "=" and not isinstance(side, Limit)
            yield from side_changes(text, side, named, doubled)
    if not relation_defines(equation):
        # A dict keeps their order, a set doesn't: the same seed draws the same sample.
        for condition in dict.fromkeys(itertools.chain.from_iterable(r.conditions for r in equation.relations)):
            if isinstance(condition, Compare):
                yield from condition_changes(text, condition)


def side_changes(text, side, others, doubled):
    """Changes of one side: `others` are the variables that z may become, which is also doubled where that is meant."""
    # z > 0 is 2z > 0
    tested = {id(leaf) for node in walk(side) if isinstance(node, Compare) for leaf in walk(node)}
    for node in walk(side):
        if isinstance(node, Product):
            yield from factor_changes(text, node)
        elif isinstance(node, Symbol) and node.name == "z" and node.span[1] > node.span[0]:
            yield from (("variable", *node.span, name) for name in others)
            if doubled and id(node) not in tested:
                yield "variable", *node.span, r"\left(2z\right)"
        elif isinstance(node, Cases):
            yield from case_changes(text, node)


def factor_changes(text, product):
    """Each factor but 1 and infinity left out."""
    for factor in product.factors:
        if factor.span != (0, 0) and text[slice(*factor.span)] not in ("1", r"\infty"):
            yield "factor", *wider(text, factor.span), r"\left(1\right)"


def case_changes(text, cases):
    """Each row left out, and each border with a number moved by 1."""
    yield from (("case", first, last, "") for first, last in case_rows(text, *cases.span))
    for test in itertools.chain.from_iterable(tests or () for _, tests in cases.branches):
        if isinstance(test, Compare) and isinstance(test.right, Number):
            yield "case", *test.right.span, str(int(float(test.right.text)) + 1)


def condition_changes(text, condition):
    """A comparison made looser, and dropped."""
    start, stop = condition.span
    found = re.search(r"\\le(?![a-z])|\\ge(?![a-z])|<|>", text[start:stop])
    if found and found[0] in LOOSER:
        yield "condition", start + found.start(), start + found.end(), LOOSER[found[0]]
    if condition.relation != "=":
        yield "condition", start, stop, r"z \in \mathbb{R}"


def relation_defines(equation):
    return any(relation.defines for relation in equation.relations)


def wider(text, span):
    """The span with the parentheses around it, so that dropping the factor leaves no empty pair."""
    start, stop = span
    before, after = re.search(r"(\\left)?[(\[]\s*$", text[:start]), re.match(r"\s*(\\right)?[)\]]", text[stop:])
    return (before.start(), stop + after.end()) if before and after else span


def case_rows(text, start, stop):
    """The rows of a cases environment, with the line break that belongs to each."""
    inside = re.search(r"\\begin\{cases\}(.*?)\\end\{cases\}", text[start:stop], re.DOTALL)
    first = start + inside.start(1)
    for row in re.finditer(r"(.*?)(\\\\|$)", inside[1], re.DOTALL):
        if row[0]:
            yield first + row.start(), first + row.end()


def equivalent():
    """{(page, original line, mutated line): reason} of the mutants that are known to be true statements."""
    entries = tomllib.loads(EQUIVALENT.read_text(encoding="utf-8")).get("mutant", []) if EQUIVALENT.exists() else []
    return {(entry["page"], entry["original"], entry["mutant"]): entry["reason"] for entry in entries}


SITE = None


def run(mutant):
    global SITE
    SITE = SITE or Site()
    return SITE.survives(mutant)


def sample(count, seed):
    """`count` random mutants of all pages, the same for the same seed; changed bounds are left to the full run."""
    site = Site()
    everything = [mutant for name in sorted(site.texts) for mutant in site.mutants(name) if not mutant.bound]
    return site, random.Random(seed).sample(everything, min(count, len(everything)))


def run_all(site, mutants, known):
    """(the mutants that survive, the keys of those that do as `known` says)."""
    survivors, used = [], set()
    with multiprocessing.Pool(2) as pool:
        for number, (mutant, alive) in enumerate(zip(mutants, pool.imap(run, mutants, chunksize=8)), 1):
            if sys.stderr.isatty():
                sys.stderr.write(f"\r\x1b[K{number}/{len(mutants)} {mutant.page}, {len(survivors)} survivors")
            key = (mutant.page, site.original(mutant), site.changed(mutant))
            if alive and key in known:
                used.add(key)
            elif alive:
                survivors.append(mutant)
    return survivors, used


def form(site, mutant):
    """A survivor in the form of equivalent_mutants.toml."""
    line, _ = site.pages[mutant.page].place(mutant.start)
    return (
        f"# line {line}: {mutant.kind}\n[[mutant]]\npage = '{mutant.page}'\n"
        f"original = '''{site.original(mutant)}'''\n"
        f"mutant = '''{site.changed(mutant)}'''\nreason = ''\n"
    )


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("pages", nargs="*", help="only these pages, such as docs/functions/gelu.md")
    parser.add_argument("--module", action="store_true", help="mutate the reference module's arithmetic instead")
    options = parser.parse_args()
    if options.module:
        from tools import mutants_module

        return mutants_module.main()
    site, known, started = Site(), equivalent(), time.perf_counter()
    names = [layout.relative(path) for path in options.pages] or sorted(site.texts)
    mutants = [mutant for name in names for mutant in site.mutants(name)]
    survivors, used = run_all(site, mutants, known)
    for mutant in survivors:
        print(form(site, mutant))
    stale = [key for key in known if key not in used and key[0] in names]
    for page, original, changed in stale:
        print(f"# listed as equivalent, but no such mutant survives: {page}\n#     {original}\n#     {changed}")
    print(
        f"# {len(mutants)} mutants of {len(names)} pages: {len(mutants) - len(survivors) - len(used)} refused, "
        f"{len(used)} equivalent "
        f"(listed), {len(survivors)} survivors; {time.perf_counter() - started:.0f} s"
    )
    return int(bool(survivors or stale))


if __name__ == "__main__":
    sys.exit(main())
