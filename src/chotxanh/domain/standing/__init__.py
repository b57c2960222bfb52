"""What stands for a person: pure rules over what was sampled, said and decided, in whatever order it came.

`acts` are what happened; `runs` say what one test of one tube says; `person` says what stands; `rules` are the dated
sets of the ministry; `history` makes the second and third of a whole history. Source: field rules A.
"""
