"""CEL, evaluated as Python: Google's parser reads a rule's text, and what it means is written out as Python source.

Google's runtime for Python ends an evaluation after a fixed number of iterations, which a healthy pod with 300 variables
is past, and converts the whole object for every question; Python has it already. `quick.py` writes the source for
objects whose every value is known, `careful.py` that for unknowns, patches and errors, with CEL's three-valued
logic. The tests hold both to Google's runtime, and to the API server's.
"""
