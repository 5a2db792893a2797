"""Random equations in the language of the pages, and the definitions that they rest on."""

from hypothesis import strategies as st

DEFINITIONS = r"""
$$
\sigma(z) = \frac{1}{1 + e^{-z}}
$$
$$
\operatorname{relu}(z) = \max(0, z)
$$
$$
\Phi(z) = \frac12 \left(1 + \operatorname{erf}\frac{z}{\sqrt2}\right)
$$
$$
\varphi(z) = \frac{1}{\sqrt{2\pi}}\,e^{-z^2/2}
$$
$$
p_i = \frac{e^{x_i}}{\sum_{k=1}^{n} e^{x_k}} \quad x \in \mathbb{R}^n
$$
"""
LEAVES = st.sampled_from(["z", "1", "2", r"\alpha", r"\frac{z}{2}", r"\sqrt{2}", "3"])
UNARY = [
    r"e^{%s}",
    r"\tanh(%s)",
    r"\sigma(%s)",
    r"\operatorname{erf}(%s)",
    r"\lvert %s \rvert",
    r"\operatorname{relu}(%s)",
    r"\ln\left(1 + e^{%s}\right)",
    r"\sin(%s)",
    r"\sqrt{1 + \left(%s\right)^2}",
    r"-\left(%s\right)",
    r"\left(%s\right)^2",
    r"\arctan(%s)",
    r"\mathbf{1}[%s > 0]",
    r"\operatorname{sgn}(%s)",
    r"\Phi(%s)",
]
BINARY = [
    r"\left(%s\right) + \left(%s\right)",
    r"\left(%s\right) - \left(%s\right)",
    r"\left(%s\right) \cdot \left(%s\right)",
    r"\max(%s, %s)",
    r"\frac{%s}{2 + \left(%s\right)^2}",
]
EXPRESSIONS = st.recursive(
    LEAVES,
    lambda inner: st.one_of(
        st.tuples(st.sampled_from(UNARY), inner).map(lambda parts: parts[0] % parts[1]),
        st.tuples(st.sampled_from(BINARY), inner, inner).map(lambda parts: parts[0] % parts[1:]),
    ),
    max_leaves=5,
)
CONDITION = r" \quad 0 \le \alpha < 1"


def claim(left, right):
    """The claim with both parameters on both sides, so that its conditions always speak of something."""
    return rf"\left({left}\right) + \alpha z = \left({right}\right) + \alpha z{CONDITION}"
