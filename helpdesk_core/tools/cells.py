"""Keep text from outside from being run by spreadsheet programs (CWE-1236; threats G20, A43)."""

_STARTS = ('=', '+', '-', '@', '\t', '\r')


def neutral(value):
    """Return ``value``; text that a spreadsheet would take for a formula gets an apostrophe in front."""
    if isinstance(value, str) and value.startswith(_STARTS):
        return f"'{value}"
    return value
