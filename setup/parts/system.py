"""Debian packages that the machine itself must have, installed with apt-get where they are missing."""
import contextlib
import os
import pathlib
import shutil

from .base import LOGS, Failure, LastLine, run, say, step

#: what tells that a package is there -> the package
RUNTIME = {
    'venv': 'python3-venv',
    'postgres': 'postgresql',
    'bin:wkhtmltopdf': 'wkhtmltopdf',
    'lib:libmagic.so.1': 'libmagic1',
    'file:/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf': 'fonts-dejavu-core',
}
TESTS = {
    'bin:chromium': 'chromium',
    'file:/usr/sbin/dovecot': 'dovecot-imapd',
}
POLICY = pathlib.Path('/usr/sbin/policy-rc.d')
NO_CLUSTER = pathlib.Path('/etc/postgresql-common/createcluster.d/helpdesk-setup.conf')


def postgres_bin():
    """The folder of the newest installed PostgreSQL server (15 or later), or None."""
    found = []
    for folder in pathlib.Path('/usr/lib/postgresql').glob('*/bin'):
        if folder.parent.name.isdigit() and (folder / 'initdb').exists():
            found.append((int(folder.parent.name), folder))
    version, folder = max(found, default=(0, None))
    return folder if version >= 15 else None


def base_python():
    """The Python that the virtual environment is made of: 3.11 or 3.12, the distribution's first."""
    for name in ('/usr/bin/python3.11', '/usr/bin/python3.12', 'python3.11', 'python3.12'):
        found = shutil.which(name)
        if found and run(found, '-c', 'pass', check=False).returncode == 0:
            return found
    raise Failure('No Python 3.11 or 3.12 was found; Odoo 19.0 pins its libraries for those.',
                  'use Debian 12 or Ubuntu 24.04, or put python3.11 in the PATH')


def present(test):
    """Whether what ``test`` names is on this machine."""
    kind, _, value = test.partition(':')
    if kind == 'venv':
        return run(base_python(), '-c', 'import ensurepip, venv', check=False).returncode == 0
    if kind == 'postgres':
        return postgres_bin() is not None
    if kind == 'bin':
        names = [value, 'google-chrome', 'chromium-browser'] if value == 'chromium' else [value]
        return any(shutil.which(name) for name in names)
    if kind == 'lib':
        return value in run('/sbin/ldconfig', '-p', check=False).stdout
    return pathlib.Path(value).exists()


def os_release():
    """The fields of /etc/os-release."""
    path = pathlib.Path('/etc/os-release')
    lines = path.read_text().splitlines() if path.exists() else []
    return {name: value.strip('"') for name, _, value in (line.partition('=') for line in lines)}


def install(wanted):
    """Install the packages of ``wanted`` that are missing; services they bring are not started."""
    missing = [package for test, package in wanted.items() if not present(test)]
    if 'chromium' in missing and os_release().get('ID') == 'ubuntu':
        say('- Ubuntu has no chromium package: without google-chrome in the PATH, browser tours are skipped')
        missing.remove('chromium')
        wanted = {test: package for test, package in wanted.items() if package != 'chromium'}
    if not missing:
        return
    apt = shutil.which('apt-get')
    remedy = f'install {" ".join(missing)} and start this again'
    if not apt:
        raise Failure(f'Missing on this machine: {", ".join(missing)}, and there is no apt-get.', remedy)
    progress = LastLine()
    with step(f'installing with apt-get: {", ".join(missing)} (one to four minutes)', progress), quiet_services():
        as_root('env', 'DEBIAN_FRONTEND=noninteractive', apt, 'update', '-q',
                remedy='look at the machine\'s network and at /etc/apt')
        as_root('env', 'DEBIAN_FRONTEND=noninteractive', apt, 'install', '-qy', '--no-install-recommends',
                '-o', 'Dpkg::Options::=--force-confold', *missing, remedy=remedy, feed=progress.feed)
    still = [package for test, package in wanted.items() if not present(test)]
    if still:
        raise Failure(f'Installed, but still not usable here: {", ".join(still)}.', remedy)


def as_root(*command, **options):
    """Run a command as root: directly, or through sudo without asking."""
    prefix = [] if os.geteuid() == 0 else ['sudo', '-n']
    if prefix and not shutil.which('sudo'):
        raise Failure('This needs root, and there is no sudo.', options.get('remedy', ''))
    return run(*prefix, *command, log=LOGS / 'apt.log', **options)


@contextlib.contextmanager
def quiet_services():
    """While apt works: start no service, and create no PostgreSQL cluster of the machine's own."""
    placed = []
    for path, text in ((POLICY, '#!/bin/sh\nexit 101\n'), (NO_CLUSTER, 'create_main_cluster = false\n')):
        if not path.exists():
            as_root('sh', '-c', f'mkdir -p {path.parent} && printf %s "$0" > {path} && chmod 755 {path}', text)
            placed.append(path)
    try:
        yield
    finally:
        for path in placed:
            as_root('rm', '-f', path)
