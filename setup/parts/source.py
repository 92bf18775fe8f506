"""Where Odoo comes from: the Debian package, unpacked (not installed).

apt fetches and verifies it with Debian's archive key, in a state folder of our own, so that the
machine's own package sources stay as they are.
"""
import pathlib
import re
import shutil

from . import system
from .base import CACHE, HOME, SETUP, Failure, digest, link_folder, locked, replace_folder, run, size_of, step

ODOO = HOME / 'odoo'
SITE = ODOO / 'usr/lib/python3/dist-packages'
KEYRING = '/usr/share/keyrings/debian-archive-keyring.gpg'
#: package -> Debian suite. The older fonts hold the very files that Odoo's symbolic links point to.
PACKAGES = {
    'odoo-19': 'unstable',
    'libjs-jquery': 'unstable',
    'libjs-underscore': 'unstable',
    'libjs-jquery-form': 'unstable',
    'fonts-roboto-unhinted': 'unstable',
    'fonts-montserrat': 'unstable',
    'fonts-ocr-b': 'unstable',
    'fonts-font-awesome': 'bookworm',
    'fonts-inconsolata': 'bookworm',
}
SELFIE = 'addons/mail/static/lib/selfie_segmentation/selfie_segmentation.js'
#: raised when ``tidy`` changes, so that what is unpacked already is made anew
LAYOUT = '1'
OWN_ODOO = 'give the folder of an Odoo 19 that is already there: setup/run --odoo PATH'


def site_folder(own=None):
    """The folder to ``import odoo`` from: the one given with --odoo, or our unpacked package."""
    if not own:
        unpack()
        return SITE
    own = pathlib.Path(own).expanduser().resolve()
    for folder in (own, own.parent, own / 'usr/lib/python3/dist-packages'):
        release = folder / 'odoo/release.py'
        if release.is_file():
            if not re.search(r'version_info = \(19, 0,', release.read_text()):
                raise Failure(f'{folder} holds another version of Odoo than 19.0.', 'give the path of an Odoo 19.0')
            return folder
    raise Failure(f'No odoo/release.py under {own}.', 'give the folder that holds the package "odoo" (or odoo-bin)')


def unpack():
    """Unpack the packages, once in the cache for all checkouts; .local/odoo is a link to there."""
    debs = fetch()
    state = digest(LAYOUT, *[deb.name for deb in debs], SETUP / 'templates/selfie_segmentation.js')
    if (ODOO / 'stamp').is_file() and (ODOO / 'stamp').read_text() == state:
        return
    final, new = CACHE / f'odoo-{state}', CACHE / f'odoo-{state}.new'
    with locked(CACHE / 'debs.lock'):
        if not final.is_dir():
            with step('unpacking Odoo (20 to 90 seconds)'):
                shutil.rmtree(new, ignore_errors=True)
                new.mkdir(parents=True)
                for deb in debs:
                    run('dpkg-deb', '-x', deb, new, remedy=f'delete {deb} and start this again')
                tidy(new)
                (new / 'stamp').write_text(state)
                replace_folder(new, final)
    link_folder(ODOO, final)


def tidy(folder):
    """Make the unpacked tree complete: no dangling link, no stray package, no missing script."""
    site = folder / 'usr/lib/python3/dist-packages'
    for stray in ('addons', 'doc', 'setup'):
        shutil.rmtree(site / stray, ignore_errors=True)
    # the build leaves out this script (it turns the background of video calls blurred), and its absence
    # is an error in the console of every backend page; ours leaves the picture as it is
    script = site / 'odoo' / SELFIE
    if not script.exists():
        script.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(SETUP / 'templates/selfie_segmentation.js', script)
    dangling = [path for path in (site / 'odoo').rglob('*') if path.is_symlink() and not path.exists()]
    if dangling:
        raise Failure(f'{len(dangling)} links of the Odoo package lead nowhere, the first one {dangling[0]}.',
                      'the package has changed: add the one that holds the file to setup/parts/source.py')


def fetch():
    """The packages' files, from the cache or else downloaded and verified by apt."""
    folder = CACHE / 'debs'
    with locked(CACHE / 'debs.lock'):
        debs = cached(folder)
        if debs:
            return debs
        if not shutil.which('apt-get'):
            raise Failure('There is no apt-get here to fetch Odoo with.', OWN_ODOO)
        download(folder)
        return cached(folder)


def cached(folder):
    """The cached files, one for each package, or None when one is missing."""
    found = [sorted(folder.glob(f'{package}_*.deb')) for package in PACKAGES]
    return [files[-1] for files in found] if all(found) else None


def mirror(listing, codename):
    """The Debian mirror among the addresses that ``apt-get update --print-uris`` tells."""
    for address, suite in re.findall(r"^'(\S+?)/?/dists/(\S+?)/InRelease'", listing, re.M):
        if suite in (codename, 'stable', 'testing', 'unstable', 'sid'):
            return address
    return None


def download(folder):
    """Download all packages into ``folder`` with an apt state of our own."""
    release = system.os_release()
    listing = run('apt-get', 'update', '--print-uris', '-o', 'Debug::NoLocking=1', check=False).stdout
    address = mirror(listing, release.get('VERSION_CODENAME')) if release.get('ID') == 'debian' else None
    if not address:
        raise Failure('apt here has no Debian mirror to fetch Odoo from.', OWN_ODOO)
    if not pathlib.Path(KEYRING).exists():
        raise Failure(f'{KEYRING} is missing.', 'apt-get install debian-archive-keyring')
    apt = own_apt(CACHE / 'apt', address)
    new = CACHE / 'debs.new'
    shutil.rmtree(new, ignore_errors=True)
    new.mkdir(parents=True)
    with step('reading the package lists of Debian (about 15 seconds)'):
        run(*apt, 'update', remedy='look at the network and at the address of the mirror in /etc/apt')
    with step('downloading Odoo 19 and its fonts (135 MB)', watch=lambda: f'{size_of(new):.0f} MB so far'):
        run(*apt, 'download', *[f'{name}/{suite}' for name, suite in PACKAGES.items()], cwd=new, remedy=OWN_ODOO)
    replace_folder(new, folder)
    shutil.rmtree(CACHE / 'apt')


def own_apt(state, address):
    """The apt-get command with lists, cache and sources of its own under ``state``."""
    for name in ('lists/partial', 'cache/archives/partial', 'etc'):
        (state / name).mkdir(parents=True, exist_ok=True)
    (state / 'status').touch()
    (state / 'etc/sources.list').write_text(''.join(
        f'deb [signed-by={KEYRING}] {address} {suite} main\n' for suite in sorted(set(PACKAGES.values()))))
    options = {
        'Dir::State': state, 'Dir::State::lists': state / 'lists', 'Dir::State::status': state / 'status',
        'Dir::Cache': state / 'cache', 'Dir::Etc::SourceList': state / 'etc/sources.list',
        'Dir::Etc::SourceParts': '/dev/null', 'Dir::Etc::Preferences': '/dev/null',
        'Dir::Etc::PreferencesParts': '/dev/null', 'APT::Sandbox::User': 'root',
        'Acquire::Languages': 'none', 'APT::Default-Release': '',
    }
    return ['apt-get', '-q', *[word for name, value in options.items() for word in ('-o', f'{name}={value}')]]
