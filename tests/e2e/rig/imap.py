"""A real Dovecot with a configuration of its own, as an ordinary user's plain process."""
import grp
import imaplib
import os
import pathlib
import pwd
import re
import shutil
import tempfile

from parts.services import free_ports

from .process import Process, port_open
from .wait import until

CONFIG = '''
protocols = imap
listen = 127.0.0.1
base_dir = {folder}/run
state_dir = {folder}/state
log_path = {folder}/dovecot.log
ssl = no
disable_plaintext_auth = no
auth_mechanisms = plain login
default_internal_user = {user}
default_internal_group = {group}
default_login_user = {user}
first_valid_uid = 1
mail_location = maildir:{folder}/mail/%u
mail_fsync = never
passdb {{
  driver = passwd-file
  args = scheme=PLAIN username_format=%u {folder}/users
}}
userdb {{
  driver = static
  args = uid={uid} gid={gid} home={folder}/mail/%u
}}
service imap-login {{
  chroot =
  inet_listener imap {{
    port = {port}
  }}
  inet_listener imaps {{
    port = 0
  }}
}}
service anvil {{
  chroot =
}}
'''


class Dovecot:
    """One IMAP server with one account."""
    user = 'support@desk.test'
    password = 'only-a-test'

    def __init__(self):
        program = shutil.which('dovecot', path=f'{os.environ.get("PATH", "")}:/usr/sbin')
        assert program, 'Dovecot is missing: apt-get install dovecot-imapd (setup/test does it)'
        self.port = free_ports(1)[0]
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix='e2e-imap-'))
        # Dovecot reads no mail as root; as an ordinary user it needs no root at all
        root = os.geteuid() == 0
        account = pwd.getpwnam('nobody') if root else pwd.getpwuid(os.geteuid())
        (self.folder / 'dovecot.conf').write_text(CONFIG.format(
            folder=self.folder, port=self.port, user=account.pw_name, group=grp.getgrgid(account.pw_gid).gr_name,
            uid=account.pw_uid, gid=account.pw_gid))
        (self.folder / 'users').write_text(f'{self.user}:{{PLAIN}}{self.password}\n')
        if root:
            for path in (self.folder, *self.folder.iterdir()):
                os.chown(path, account.pw_uid, account.pw_gid)
        self.process = Process('dovecot', [program, '-F', '-c', self.folder / 'dovecot.conf'],
                               self.folder / 'output.log', account=account if root else None)

    def start(self):
        """Start it and wait until it listens."""
        self.process.start()
        until('Dovecot to listen', lambda: self.process.check() or port_open(self.port), 15, detail=self.told)
        return self

    def told(self):
        """The end of its log."""
        log = self.folder / 'dovecot.log'
        return log.read_text(errors='replace')[-1500:] if log.exists() else self.process.tail()

    def stop(self):
        """Stop it and delete its folder."""
        self.process.stop(10)
        shutil.rmtree(self.folder, ignore_errors=True)

    def _connect(self):
        connection = imaplib.IMAP4('127.0.0.1', self.port, timeout=20)
        connection.login(self.user, self.password)
        connection.select()
        return connection

    def put(self, *mails):
        """Bring mails (bytes) into the mailbox, unread."""
        connection = self._connect()
        try:
            for raw in mails:
                result, told = connection.append('INBOX', '', None, re.sub(rb'\r?\n', b'\r\n', raw))
                assert result == 'OK', told
        finally:
            connection.logout()

    def _search(self, what):
        connection = self._connect()
        try:
            return connection.search(None, what)[1][0].split()
        finally:
            connection.logout()

    def unread(self):
        """How many mails are unread."""
        return len(self._search('UNSEEN'))

    def read_ids(self):
        """The Message-Ids of the mails that are marked as read."""
        connection = self._connect()
        try:
            numbers = connection.search(None, 'SEEN')[1][0].split()
            found = set()
            if numbers:
                _result, data = connection.fetch(b','.join(numbers), '(BODY.PEEK[HEADER.FIELDS (MESSAGE-ID)])')
                for item in data:
                    if isinstance(item, tuple):
                        found.update(re.findall(r'<[^<>\s]+>', item[1].decode()))
            return found
        finally:
            connection.logout()

    def empty(self):
        """Delete all mails."""
        connection = self._connect()
        try:
            connection.store('1:*', '+FLAGS', '\\Deleted')
            connection.expunge()
        finally:
            connection.logout()
