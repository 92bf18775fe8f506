"""A pytest plugin: a test during which one of our loggers warns has failed (-p parts.log_guard)."""
import logging

import pytest

OURS = ('odoo.addons.helpdesk_', 'odoo.addons.test_helpdesk')


class Guard(logging.Handler):
    """Keeps the warnings of our loggers."""

    def __init__(self):
        super().__init__(logging.WARNING)
        self.lines = []

    def emit(self, record):
        """Take a record."""
        if record.name.startswith(OURS):
            self.lines.append(f'{record.levelname} {record.name}: {record.getMessage()}')


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item):
    """Watch the log while the test runs."""
    guard = Guard()
    logger = logging.getLogger('odoo.addons')
    logger.addHandler(guard)
    try:
        result = yield
    finally:
        logger.removeHandler(guard)
    if guard.lines:
        pytest.fail('our own loggers warned (catch it with assertLogs, or mend it):\n' + '\n'.join(guard.lines),
                    pytrace=False)
    return result
