"""The mail receiver: an LMTP and SMTP server in front of the ledger. Loaded by the command, never by Odoo's server."""
