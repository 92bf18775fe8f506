"""Odoo's configuration file: .local/odoo.conf, and .local/run.conf with the ports of setup/run."""
import os

from . import postgres, tree
from .base import CONF, HOME, write

PORTS = {'http': 8069, 'websocket': 8072, 'smtp': 2525, 'lmtp': 2424, 'sink': 1025, 'sink_page': 8025}


def addons_option(site=None):
    """The value of Odoo's --addons-path (Odoo's own folder is found without being named)."""
    return ','.join(str(path) for path in [*tree.addons_path(), *([site / 'odoo/addons'] if site else [])])


def text(ports, site):
    """The configuration for these ports."""
    options = {
        'addons_path': addons_option(site),
        'data_dir': HOME / 'data',
        'db_host': postgres.socket_folder(),
        'db_port': postgres.PORT,
        'db_user': postgres.ROLE,
        'db_maxconn': 32,
        'list_db': False,
        'http_interface': '127.0.0.1',
        'http_port': ports['http'],
        'gevent_port': ports['websocket'],
        'smtp_server': '127.0.0.1',
        'smtp_port': ports['sink'],
        'limit_time_real': 600,
        'limit_time_cpu': 300,
        'log_handler': ':INFO',
    }
    lines = ''.join(f'{name} = {value}\n' for name, value in options.items())
    return f'# written by setup at each start; changes here are lost\n[options]\n{lines}'


def ensure(ports, site, path=CONF):
    """Write the configuration where it differs."""
    write(path, text(ports, site), mode=0o600)
    return path


def environment(path=CONF):
    """The environment for Odoo and the tests."""
    return {**os.environ, **postgres.environment(), 'ODOO_RC': str(path), 'HELPDESK_ODOO_CONF': str(path),
            'PYTHONPATH': '', 'PATH': f'{HOME / "venv/bin"}:{os.environ.get("PATH", "")}'}
