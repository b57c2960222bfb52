"""The one way a command ends early: a sentence for the person at the keyboard, never a traceback."""


class Stopped(Exception):
    """The command cannot go on; the message is a whole sentence that says what to do."""
