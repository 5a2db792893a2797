"""The maths font of the site, a subset of STIX Two Math, inside a stylesheet.

What a page needs before it is drawn comes with it, so that no formula is seen in another font, and none moves. To make
it again, in the root of the checkout:

    npm pack @fontsource/stix-two-math@5.3.0 && tar xzf fontsource-*.tgz
    pip install brotli && python -m tools.font package/files/*.woff2
"""

import base64
import io
import re
import sys
from pathlib import Path

from fontTools.pens.transformPen import TransformPen
from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont

OUTPUT = Path("docs/stylesheets/font.css")
FACE = """/* Written by scripts/tools/font.py; docs/fonts/ has the font's licence. */
@font-face {{
  font-family: "STIX Two Math Subset";
  src: url("data:font/woff2;base64,{}") format("woff2");
  font-display: block;
}}
"""

# More than today's pages print, so that a new page needs no new font. All 4605 characters would weigh 403 KB.
CHARACTERS = {
    *map(chr, range(0x20, 0x7F)),
    *"·×÷±°",  # digits, brackets, and the upright letters of ln, max, tanh
    # Latin and Greek math italic: browsers draw a one-letter <mi> with these. The h is elsewhere.
    *map(chr, range(0x1D434, 0x1D455)),
    *map(chr, range(0x1D456, 0x1D468)),
    "ℎ",
    *"𝛼𝛽𝛾𝛿𝜀𝜂𝜃𝜅𝜆𝜇𝜈𝜉𝜋𝜌𝜎𝜏𝜑𝜒𝜓𝜔𝜕𝜖𝜙",
    *"ΓΔΘΛΣΦΨΩ",  # upper-case Greek, which TeX sets upright
    *"𝟏𝐱𝐳",
    *"ℝℕℤ𝔼",
    *"ℒ𝒩",
    *"−∓∗∘⋅∙⊙∈∉∝∞∂∇≈≠≡∼≃≤≥≪≫∧∨∩∪⊤",
    *"←→↔↦⇒⇔",
    *"∑∏∫",
    *"‖⏟ˆ˜˙¯",
    *"′″‴ʹʺ…⋮⋯⋱",
    "√",  # no <msqrt> contains it, yet without it no root sign is drawn
    *map(chr, range(0x2061, 0x2065)),
    *map(chr, range(0x2002, 0x200C)),
    "\xa0",  # invisible operators, spaces
}


def transform(font, name, x, y, lift):
    """Scale the glyph `name` by `x` and `y`, then move it up by `lift` units."""
    glyphs = font.getGlyphSet()
    pen = TTGlyphPen(glyphs)
    glyphs[name].draw(TransformPen(pen, (x, 0, 0, y, 0, lift)))
    font["glyf"][name] = pen.glyph()
    font["hmtx"][name] = tuple(round(length * x) for length in font["hmtx"][name])


def enlarge_primes(font):
    """Give the primes the size that a superscript shrinks and lifts back to the printed one.

    The whole font does this by its feature "ssty", which the packaged one has lost: g' shows a speck for a prime.
    """
    constants = font["MATH"].table.MathConstants
    scale, lift = 100 / constants.ScriptPercentScaleDown, constants.SuperscriptShiftUp.Value
    for prime in "′″‴":
        transform(font, font.getBestCmap()[ord(prime)], scale, scale, -lift * scale)


def level_brackets(font):
    """Keep five ready-made sizes of each bracket and root, none more than a tenth wider than the smallest.

    Chromium gives a bracket the room of the widest of its sizes, whichever it draws: with the font's own widths 0.4 em
    stay empty behind each root, and 0.2 em beside a square bracket. Still larger ones, and arrows and
    braces that lie, are assembled from parts.
    """
    variants = font["MATH"].table.MathVariants
    operators = {font.getBestCmap()[ord(operator)] for operator in "∑∏∫"}
    for name, construction in zip(variants.VertGlyphCoverage.glyphs, variants.VertGlyphConstruction):
        if name in operators:
            continue
        construction.MathGlyphVariantRecord = construction.MathGlyphVariantRecord[:5]
        construction.VariantCount = len(construction.MathGlyphVariantRecord)
        sizes = {record.VariantGlyph for record in construction.MathGlyphVariantRecord}
        if construction.GlyphAssembly:
            sizes |= {record.glyph for record in construction.GlyphAssembly.PartRecords}
        allowed = 1.1 * font["hmtx"][name][0]
        for size in sizes:
            if font["hmtx"][size][0] > allowed:
                transform(font, size, allowed / font["hmtx"][size][0], 1, 0)
    for construction in variants.HorizGlyphConstruction:
        construction.MathGlyphVariantRecord = construction.MathGlyphVariantRecord[:2]
        construction.VariantCount = len(construction.MathGlyphVariantRecord)
    font["MATH"].table.MathGlyphInfo.MathKernInfo = None  # no browser reads it


def read(stylesheet=OUTPUT):
    """Return the bytes of the font in `stylesheet`."""
    return base64.b64decode(re.search(r"base64,([^\"]*)", Path(stylesheet).read_text(encoding="utf-8"))[1])


def main(source):
    """Write OUTPUT from the whole font, the file `source`."""
    font = TTFont(source, recalcTimestamp=False)
    enlarge_primes(font)
    level_brackets(font)
    options = Options(drop_tables=["GPOS", "GDEF", "GSUB"], hinting=False, notdef_outline=False, bidi_closure=False)
    subsetter = Subsetter(options)
    subsetter.populate(unicodes=map(ord, CHARACTERS))
    subsetter.subset(font)
    font.flavor = "woff2"
    saved = io.BytesIO()
    font.save(saved)
    OUTPUT.write_text(FACE.format(base64.b64encode(saved.getvalue()).decode()), encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1])
