"""Real parts for the end-to-end tests: database, Odoo, receiver, Dovecot, outgoing mail server, clients."""
