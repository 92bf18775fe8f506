"""Readers of foreign formats that stand on libraries; no Odoo here, so that they are tested without a database."""
