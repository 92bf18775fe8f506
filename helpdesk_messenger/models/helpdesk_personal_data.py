import json

from odoo import api, fields, models
from odoo.addons.helpdesk_core.tools.redaction import BLOCK
from odoo.tools import SQL

PERSON, CALL, REFERENCE, FILE, MESSAGE = (
    'helpdesk.channel.person', 'helpdesk.channel.call', 'helpdesk.channel.reference', 'helpdesk.channel.file',
    'helpdesk.channel.message')


class HelpdeskPersonalData(models.AbstractModel):
    """People on messengers, what they wrote as the service brought it, and names of their files."""
    _inherit = 'helpdesk.personal.data'

    def _add_own(self, rows):
        super()._add_own(rows)
        tickets = list(rows['helpdesk.ticket'])
        rows[PERSON].update(row[0] for row in self.env.execute_query(SQL(
            "SELECT DISTINCT channel_person_id FROM helpdesk_ticket"
            " WHERE id = ANY(%s) AND channel_person_id IS NOT NULL", tickets)))
        rows[FILE].update(self._linked_ids(self.env[FILE], 'reference_id', rows[REFERENCE]))

    @api.model
    def _loose_rows(self, texts):
        """Also calls that were not processed: nothing but their words says whose they are."""
        rows = super()._loose_rows(texts)
        rows[CALL] = self._calls_with(texts)
        return rows

    def _calls_with(self, texts):
        like = [f'%{form}%' for word in texts if word for form in {word, json.dumps(word)[1:-1]}]
        return [row[0] for row in self.env.execute_query(SQL(
            "SELECT id FROM helpdesk_channel_call WHERE body ILIKE ANY(%s) AND %s", like, self._in_companies()))]

    @api.model
    def _blanked(self):
        return {
            **super()._blanked(),
            REFERENCE: {'text': None, 'former_text': None},
            FILE: {'name': BLOCK, 'source': BLOCK, 'reason': None},
            CALL: {'body': None},
            MESSAGE: {'template_told': None},
        }

    @api.model
    def _forget_rows(self, rows):
        """A person of whom no ticket tells any more is forgotten: who writes again is somebody new."""
        super()._forget_rows(rows)
        people, tickets = list(rows.get(PERSON, ())), list(rows.get('helpdesk.ticket', ()))
        left = [row[0] for row in self.env.execute_query(SQL(
            """SELECT p.id FROM helpdesk_channel_person p WHERE p.id = ANY(%s) AND NOT EXISTS (
                 SELECT FROM helpdesk_ticket t WHERE t.channel_person_id = p.id AND t.id != ALL(%s))""",
            people, tickets))]
        if left:
            self.env.cr.execute(SQL(
                "UPDATE helpdesk_ticket SET channel_person_id = NULL WHERE channel_person_id = ANY(%s)", left))
            self._delete_rows(self.env[PERSON], sorted(left))

    @api.model
    def _person_rows(self, person):
        """Also calls with their addresses that came to no ticket."""
        rows = super()._person_rows(person)
        rows[CALL] = self._calls_with([*person.emails, *person.phones])
        return rows

    @api.model
    def _exported(self, person):
        """As whom the services know the person."""
        data, files = super()._exported(person)
        # sudo: people of all teams; the caller has checked the right
        known = self.env[PERSON].sudo().search([
            '|', '|', ('partner_id', 'in', person.partner_ids), ('email', 'in', person.emails),
            ('phone', 'in', person.phones), ('company_id', 'in', self.env.companies.ids)], order='id')
        data['messengers'] = [{
            'channel': one.channel_id.name, 'service': one.channel_id._kind_label(), 'id': one.sender,
            'name': one.name or None, 'phone': one.phone or None, 'email': one.email or None,
            'last_message_at': fields.Datetime.to_string(one.last_message_at)} for one in known]
        return data, files

    def _rows_by(self, person, rows):
        """Also what the person wrote by a messenger, and who they are there."""
        mine = SQL("p.partner_id = ANY(%s) OR p.email = ANY(%s) OR p.phone = ANY(%s)",
                   person.partner_ids, person.emails, person.phones)
        found = {
            PERSON: SQL("SELECT p.id FROM helpdesk_channel_person p WHERE p.id = ANY(%s) AND (%s)",
                        list(rows.get(PERSON, ())), mine),
            REFERENCE: SQL(
                "SELECT r.id FROM helpdesk_channel_reference r JOIN helpdesk_channel_person p ON p.id = r.person_id"
                " WHERE r.id = ANY(%s) AND r.outgoing_id IS NULL AND (%s)", list(rows.get(REFERENCE, ())), mine),
            FILE: SQL(
                "SELECT f.id FROM helpdesk_channel_file f JOIN helpdesk_channel_reference r ON r.id = f.reference_id"
                " JOIN helpdesk_channel_person p ON p.id = r.person_id WHERE f.id = ANY(%s) AND (%s)",
                list(rows.get(FILE, ())), mine)}
        return {**super()._rows_by(person, rows),
                **{name: [row[0] for row in self.env.execute_query(query)] for name, query in found.items()}}
