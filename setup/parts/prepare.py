"""Everything that must be there before Odoo can start, installed where it is missing."""
from . import config, source, system, venv
from .base import HOME, LOGS, locked

CHOICE = HOME / 'odoo.path'


def ensure(own=None, wanted=system.RUNTIME):
    """Install what is missing and write the configuration; return the folder Odoo is imported from."""
    LOGS.mkdir(parents=True, exist_ok=True)
    with locked(HOME / 'prepare.lock'):
        system.base_python()
        site = source.site_folder(own or remembered())
        if own:
            CHOICE.write_text(own)
        system.install(wanted)
        venv.ensure(site)
        config.ensure(config.PORTS, site)
        return site


def remembered():
    """The --odoo of an earlier run (delete .local/odoo.path to go back to the package)."""
    return CHOICE.read_text() if CHOICE.exists() else None
