"""Everything that must be there before Odoo can start, installed where it is missing."""
from . import config, source, system, venv
from .base import HOME, LOGS, locked

CHOICE = HOME / 'odoo.path'


def ensure(own=None, wanted=system.RUNTIME, ports=config.PORTS):
    """Install what is missing and write the configuration; return the folder Odoo is imported from."""
    LOGS.mkdir(parents=True, exist_ok=True)
    with locked(HOME / 'prepare.lock'):
        own = remembered(own)
        system.install(wanted)
        site = source.site_folder(own)
        venv.ensure(site)
        config.ensure(ports, site)
        return site


def remembered(own):
    """The --odoo of this run, or else of an earlier one."""
    if own:
        CHOICE.write_text(own)
    return CHOICE.read_text() if CHOICE.exists() else None
