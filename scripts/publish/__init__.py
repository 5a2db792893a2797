"""From the reference module to figures, tables, data and rendered maths."""
