import re

from markupsafe import Markup
from odoo import models
from odoo.addons.helpdesk_core.models.helpdesk_ticket_routing import TYPED_CHANNELS
from odoo.fields import Domain
from odoo.tools import is_html_empty

PAGE_MESSAGES = 40
FORM_CHANNELS = ('portal', 'web')
TAG = re.compile(r'<[a-zA-Z][^<>"]*(?:"[^"]*"[^<>"]*)*>')
# in sanitized HTML, whose attributes are quoted: what the styles and scripts of our pages go by
HOOK = re.compile(r'\s(?:class|id|name|data-[\w-]+|role|aria-[\w-]+)="[^"]*"')
IMAGE = re.compile(r'/web/(?:image|content)/(\d+)[^"\'\s>]*')


class HelpdeskTicketPortalPage(models.AbstractModel):
    """What stands on the ticket's page: public words and their files, by a query of our own."""
    _name = 'helpdesk.ticket.portal.page.mixin'
    _description = "Ticket: Page for the Customer"

    def _portal_messages(self, before=0, limit=PAGE_MESSAGES):
        """Return what was said in public, oldest first: the newest ``limit`` messages older than the id ``before``.

        :return: (list of dicts {id, author, ours (bool), at, moment, body (Markup), files}, whether there are older)
        """
        self.ensure_one()
        domain = Domain('id', '<', before) if before else Domain.TRUE
        found = self._public_messages(domain, limit=limit + 1)
        more, found = len(found) > limit, found[:limit]
        found.fetch(['author_id', 'email_from', 'date', 'body', 'attachment_ids', 'rating_ids'])
        ours, zone = self._portal_our_people(found.author_id), self._portal_zone()
        rows = [self._portal_message(message, ours, zone) for message in reversed(found) if not message.rating_ids]
        return rows, more

    def _portal_our_people(self, authors):
        """Return those of ``authors`` who are ours: anybody with a user of the house, but not who asked."""
        return authors.filtered(lambda author: not author.partner_share) - self.partner_id

    def _portal_message(self, message, ours, zone):
        author = message.author_id
        return {
            'id': message.id, 'author': author.name or self._portal_writer(message),
            'ours': author in ours, 'moment': self._portal_moment(message.date, zone), 'at': message.date,
            'body': self._portal_body(message.body, message.attachment_ids),
            'files': [{'id': file.id, 'name': file.name, 'size': file.file_size} for file in message.attachment_ids],
        }

    def _portal_writer(self, message):
        """Return the name in a mail of nobody we know; never an address that the reader need not know."""
        name = (message.email_from or '').split('<')[0].strip(' "')
        return name if name and '@' not in name else self.partner_name or self.env._("Customer")

    def _portal_body(self, body, files):
        """Return ``body`` with pictures that belong to the message fetched by the portal's own route."""
        known = set(files.ids)

        def route(match):
            file_id = int(match.group(1))
            return f'/my/tickets/{self.id}/files/{file_id}' if file_id in known else match.group(0)
        return Markup(IMAGE.sub(route, self._portal_plain(body)))  # sanitised by core when it was posted

    def _portal_plain(self, body):
        """Return ``body`` (str) without classes and the like: a mail cannot lay itself over the page, or be taken for
        a part of it that does something."""
        return TAG.sub(lambda tag: HOOK.sub('', tag.group()), str(body or ''))

    def _portal_description(self):
        """Return the first request (Markup) where it did not come as a message, else ''. What one of us typed, such as
        the notes of a call, is no word of the customer, and perhaps not meant for them."""
        if is_html_empty(self.description) or self.channel in TYPED_CHANNELS:
            return ''
        return Markup(self._portal_plain(self.description))  # sanitised by its field

    def _portal_file(self, attachment_id):
        """Return the attachment where a public message of this ticket carries it, else an empty one."""
        self.ensure_one()
        message = self._public_messages(Domain('attachment_ids', 'in', [attachment_id]), limit=1)
        return message.attachment_ids.filtered(lambda file: file.id == attachment_id)

    def _portal_facts(self):
        """Return what stands above the conversation: [(label, text)]."""
        return [*self._portal_properties(), *self._customer_facts()]

    def _portal_properties(self):
        """Return the team's own fields with a value, for people: [(label, text)]; of requests made in a form, where
        customers fill them in. On others they are our own notes."""
        if self.channel not in FORM_CHANNELS:
            return []
        rows = []
        for field in self.read(['ticket_properties'])[0]['ticket_properties'] or []:
            value = field.get('value')
            if field['type'] not in ('char', 'text', 'integer', 'float', 'boolean', 'date', 'selection') or not value:
                continue
            if field['type'] == 'selection':
                value = dict(field.get('selection') or []).get(value, value)
            rows.append((field['string'], self.env._("Yes") if value is True else str(value)))
        return rows
