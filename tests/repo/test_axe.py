import importlib.util


def test_axe_is_there():
    """The tests of customer pages skip where axe-core is not installed; set-up always brings it."""
    assert importlib.util.find_spec('axe_playwright_python')
