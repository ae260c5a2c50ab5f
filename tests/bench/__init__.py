"""How fast the cabinet is: ratios within one run, on both databases. ``python -m tests.bench --help``.

Nothing of it is in the product. Every figure is the median of interleaved rounds (A B C A B C …), so that what
else the machine does at the moment touches all of them alike, and a ratio is worked out round by round.
"""
