import argparse
import asyncio
import logging
import re

from odoo.cli import Command
from odoo.tools import config

_logger = logging.getLogger('odoo.addons.helpdesk_mail.receiver')
UNITS = {'': 1, 'B': 1, 'K': 1 << 10, 'KB': 1 << 10, 'M': 1 << 20, 'MB': 1 << 20, 'G': 1 << 30, 'GB': 1 << 30}


def read_size(text):
    """Return bytes for '50MB', '200K' or '1000000'."""
    match = re.fullmatch(r'(\d+)\s*([KMG]?B?)', text.strip().upper())
    if not match:
        raise argparse.ArgumentTypeError(f"{text!r} is no size; write 50MB or 500K")
    return int(match[1]) * UNITS[match[2]]


class HelpdeskReceiver(Command):
    """Receive mail over LMTP and SMTP and hand it to the helpdesk.

    A mail server hands its mail to this command. It is answered with 250 once the mail is in the
    database, with 451 while the database cannot take it. All other options are those of the server
    (-d DATABASE, -c FILE ...).
    """

    name = 'helpdesk_receiver'

    def run(self, args):
        parser = self.parser
        parser.allow_abbrev = False
        parser.add_argument('--interface', default='127.0.0.1', help="address to listen on (%(default)s)")
        parser.add_argument('--smtp-port', type=int, default=2525, help="port for SMTP, 0 for none (%(default)s)")
        parser.add_argument('--lmtp-port', type=int, default=2424, help="port for LMTP, 0 for none (%(default)s)")
        parser.add_argument(
            '--max-size', type=read_size, default='50MB', help="largest mail that is taken (%(default)s)"
        )
        parser.add_argument('--processors', type=int, default=2, help="mails processed at the same time (%(default)s)")
        own, rest = parser.parse_known_args(args)
        config.parse_config(rest, setup_logging=True)
        if len(config['db_name']) != 1:
            parser.error("name one database with -d")
        logging.getLogger('mail.log').setLevel(logging.WARNING)  # aiosmtpd tells each command
        # imported here: the command is found before the module's own package may be loaded
        from odoo.modules import initialize_sys_path

        initialize_sys_path()
        try:
            # absolute: the file is loaded as odoo.cli.helpdesk_receiver
            # pylint: disable=odoo-addons-relative-import
            from odoo.addons.helpdesk_mail.receiver.intake import Intake
            from odoo.addons.helpdesk_mail.receiver.server import Receiver
        except ModuleNotFoundError as error:
            parser.error(f"the Python package {error.name!r} is missing")
        receiver = Receiver(
            Intake(config['db_name'][0], own.processors), own.interface, own.smtp_port, own.lmtp_port, own.max_size
        )
        try:
            asyncio.run(receiver.serve())
        except OSError as error:
            _logger.critical("The receiver cannot listen: %s", error)
            raise SystemExit(1) from error
