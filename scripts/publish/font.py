"""The maths font of the site, a subset of STIX Two Math. To make it again, in the root of the checkout:

npm pack @fontsource/stix-two-math@5.3.0 && tar xzf fontsource-*.tgz && pip install brotli && python -m publish.font package/files/*.woff2
"""

import sys
from pathlib import Path

from fontTools.pens.transformPen import TransformPen
from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont

OUTPUT = Path("docs/fonts/stix-two-math-subset.woff2")

# More than today's pages print, so that a new page needs no new font. All 4605 characters would weigh 403 KB.
CHARACTERS = {
    *map(chr, range(0x20, 0x7F)),  # ASCII: digits, brackets, and the upright letters of ln, max, tanh
    # Latin math italic: browsers draw a one-letter <mi> with these. The h is elsewhere.
    *map(chr, range(0x1D434, 0x1D455)), *map(chr, range(0x1D456, 0x1D468)), "ℎ",
    *map(chr, range(0x1D6FC, 0x1D71C)),  # Greek math italic, lower case
    *"ΓΔΘΛΞΠΣΥΦΨΩ",  # upper-case Greek, which TeX sets upright
    *"𝟎𝟏𝐱𝐳𝐰𝐉𝐇𝐈", *"ℝℕℤℚℂ𝔼ℙ𝟙", *"ℒ𝒩𝒪𝒰ℓ",
    *"¬¯°±·×÷−∓∗∘⋅∙⊗⊙∈∉∝∞∂∇≈≠≡∼≃≤≥≪≫∧∨∩∪∀∃∅⊤",
    *"←↑→↓↔↦⇐⇒⇔", *"∑∏∫", *"‖⌊⌋⌈⌉⟨⟩", *"⏞⏟ˆ˜˙", *"′″‴…⋮⋯⋱",
    "√",  # no <msqrt> contains it, yet without it no root sign is drawn
    *map(chr, range(0x2061, 0x2065)), *map(chr, range(0x2002, 0x200C)), "\xa0",  # invisible operators, spaces
}


def enlarge_primes(font):
    """Give the primes the size that a superscript shrinks and lifts back to the printed one.

    The whole font does this by its feature "ssty", which the packaged one has lost: g' shows a speck for a prime.
    """
    constants = font["MATH"].table.MathConstants
    scale, lift = constants.ScriptPercentScaleDown / 100, constants.SuperscriptShiftUp.Value
    glyphs = font.getGlyphSet()
    for name in (font.getBestCmap()[ord(prime)] for prime in "′″‴"):
        pen = TTGlyphPen(glyphs)
        glyphs[name].draw(TransformPen(pen, (1 / scale, 0, 0, 1 / scale, 0, -lift / scale)))
        font["glyf"][name] = pen.glyph()
        font["hmtx"][name] = tuple(round(length / scale) for length in font["hmtx"][name])


def drop_large_variants(font):
    """Keep five ready-made sizes of a bracket: larger ones are assembled from parts, or not needed here."""
    variants = font["MATH"].table.MathVariants
    for construction in variants.VertGlyphConstruction + variants.HorizGlyphConstruction:
        construction.MathGlyphVariantRecord = construction.MathGlyphVariantRecord[:5]
        construction.VariantCount = len(construction.MathGlyphVariantRecord)
    font["MATH"].table.MathGlyphInfo.MathKernInfo = None  # no browser reads it


def main(source):
    """Write OUTPUT from the whole font, the file `source`."""
    font = TTFont(source, recalcTimestamp=False)
    enlarge_primes(font)
    drop_large_variants(font)
    options = Options(drop_tables=["GPOS", "GDEF", "GSUB"], hinting=False, notdef_outline=False, bidi_closure=False)
    subsetter = Subsetter(options)
    subsetter.populate(unicodes=map(ord, CHARACTERS))
    subsetter.subset(font)
    font.flavor = "woff2"
    font.save(OUTPUT)


if __name__ == "__main__":
    main(sys.argv[1])
