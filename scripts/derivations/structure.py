"""What a function's page must hold: both sections, each with a chain that derives."""

from language.tree import Call, Derivative, walk

SECTIONS = (("First derivative", 1, "g'(z)"), ("Second derivative", 2, "g''(z)"))


def is_function_page(page):
    """Whether a page is one of docs/functions/, the overview apart."""
    return "functions/" in page.name and not page.name.endswith("index.md")


def check_structure(page, chains, result):
    """Both sections hold a chain from the derivative of g to an expression without derivatives."""
    for heading, order, start in SECTIONS:
        place = page.text.find(f"\n## {heading}") + 1
        if not place:
            result.refuse(page, 0, f"found no section “{heading}”, expected one")
        elif not any(display.heading == heading and derives(equation, order) for display, equation in chains):
            message = f"found no chain under “{heading}” that starts with {start} and ends without a derivative"
            result.refuse(page, place, message)


def derives(equation, order):
    """Whether a chain of the equation starts with the derivative of g and ends in a side without one."""
    return any(
        chain
        and all(relation.relation == "=" for relation in chain)
        and derivative_of_g(chain[0].left) == order
        and not any(map(is_derivative, walk(chain[-1].right)))
        for chain in equation.chains
    )


def is_derivative(node):
    """Whether a tree is a derivative, as d/dz or with primes."""
    return isinstance(node, Derivative) or isinstance(node, Call) and node.order > 0


def derivative_of_g(node):
    """Which derivative of g a tree is, primes and d/dz together; None if it is none."""
    total = 0
    if isinstance(node, Derivative):
        node, total = node.body, sum(order for _, order in node.variables)
    return node.order + total if isinstance(node, Call) and node.name == "g" else None
