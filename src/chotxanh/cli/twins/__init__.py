"""Finds inputs on which the two languages of the rules disagree: what `./chotxanh fuzz` runs."""
