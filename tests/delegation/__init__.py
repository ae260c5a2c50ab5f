"""The delegation rules, written a second time, and what drives the product against them."""
