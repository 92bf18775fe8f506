from odoo import api, models
from odoo.tools import SQL

WORTH_ASKING = 3


class HelpdeskTicketRelationsMixin(models.AbstractModel):
    """A ticket's form names many lists that are mostly empty: sub-tickets, merged ones, checklist, clocks, mails, side
    conversations. One query says which have rows at all, instead of one query with record rules for each."""
    _name = 'helpdesk.ticket.relations.mixin'
    _description = "Ticket: Lists of the Form"

    @api.readonly
    def web_read(self, specification):
        empty = self._empty_lists(specification) if len(self) == 1 and self.id else set()
        rest = {name: spec for name, spec in specification.items() if name not in empty}
        if not empty or rest.keys() <= {'id'}:  # an id alone is read without asking for rights
            return super().web_read(specification)
        rows = super().web_read(rest)
        return [{**row, **{name: [] for name in empty}} for row in rows]

    def _empty_lists(self, specification):
        """Return the names of those one2many fields of ``specification`` that surely have no row for this ticket."""
        asked = {name: field for name in specification if (field := self._list_field(name))}
        if len(asked) < WORTH_ASKING:
            return set()
        for field in asked.values():
            self.env[field.comodel_name].flush_model([field.inverse_name])
        [found] = self.env.execute_query(SQL("SELECT %s", SQL(', ').join(
            SQL("EXISTS (SELECT FROM %s WHERE %s = %s)", SQL.identifier(self.env[field.comodel_name]._table),
                SQL.identifier(field.inverse_name), self.id) for field in asked.values())))
        return {name for name, exists in zip(asked, found, strict=True) if not exists}

    def _list_field(self, name):
        """Return the field if it lists rows whose column names the ticket, and the reader may read it; else None."""
        field = self._fields.get(name)
        if not field or field.type != 'one2many' or not field.inverse_name:
            return None
        inverse = self.env[field.comodel_name]._fields.get(field.inverse_name)
        stored = inverse is not None and inverse.type == 'many2one' and inverse.store and inverse.column_type
        return field if stored and self._has_field_access(field, 'read') else None
