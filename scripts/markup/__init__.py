"""Markdown extensions: formulas become MathML, and a missing piece ends the build. Any builder can use them."""
