"""What the LaTeX of the pages means: pages, displays and expressions as trees, and the elementary functions.

Knows no numbers and no function of this site; derivations/ proves and evaluates what is read here.
"""
