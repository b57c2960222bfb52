"""Draws Django's templates faster than Django: what is the same for everybody is put together once for each language.

Django walks through every node of a template, its base and its includes for every page, and searches each variable in a
stack of dictionaries; that was a quarter of a person's page. Here the parsed templates are turned into functions once.
A template with something in it that is not known here is left to Django.
"""
