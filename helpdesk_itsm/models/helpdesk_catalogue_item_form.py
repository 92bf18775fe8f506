from odoo import models
from odoo.addons.helpdesk_portal.tools.typed import typed
from odoo.addons.helpdesk_portal.tools.upload import MAX_FILES, clean_name
from odoo.exceptions import UserError
from odoo.tools import plaintext2html

INPUTS = {'text': 'text', 'textarea': 'textarea', 'number': 'number', 'date': 'date', 'yesno': 'select',
          'choice': 'select', 'asset': 'select', 'file': 'file'}
LIMITS = {'text': 250, 'textarea': 20_000}
REMARK = 'remark'


class HelpdeskCatalogueItemForm(models.AbstractModel):
    """The form of an item: drawn from plain questions (see ``helpdesk.form.questions``), read strictly by them.

    Besides what those have, a question has ``help`` (str) and ``record`` (``helpdesk.catalogue.question``). Its name is
    ``q_`` and the id; what no question asks for is not looked at.
    """
    _name = 'helpdesk.catalogue.item.form.mixin'
    _description = "Catalogue Item: Form"

    def _form_questions(self, partner):
        """Return what the form (of an item as the superuser) asks when it is ordered for ``partner``, in order.

        A question with nothing to choose from is not asked: nobody could answer it.
        """
        self.ensure_one()
        questions = []
        for record in self.question_ids:
            options = self._form_options(record, partner)
            if INPUTS[record.kind] != 'select' or options:
                questions.append(self._form_question(record, options))
        questions.append({
            'name': REMARK, 'label': self.env._("Anything else we should know?"), 'input': 'textarea', 'help': '',
            'required': False, 'options': [], 'limit': 5000, 'complete': '', 'when': False, 'property': None,
            'record': self.question_ids.browse()})
        return questions

    def _form_question(self, record, options):
        wanted = record._wanted()
        return {
            'name': f'q_{record.id}', 'label': record.name, 'input': INPUTS[record.kind], 'help': record.help or '',
            'required': record.required, 'options': options, 'limit': LIMITS.get(record.kind, 0), 'complete': '',
            'when': wanted and (f'q_{record.parent_id.id}', wanted[0], record.condition),
            'property': {'type': 'float'}, 'record': record}

    def _form_options(self, record, partner):
        """Return what may be chosen: [(value as forms send it, words)]."""
        if record.kind == 'yesno':
            return [('yes', self.env._("Yes")), ('no', self.env._("No"))]
        if record.kind == 'choice':
            return [(str(choice.id), choice.name) for choice in record.choice_ids]
        if record.kind == 'asset':
            assets = self.env['maintenance.equipment']._catalogue_assets(partner, self.company_id)
            return [(str(asset.id), asset._catalogue_words()) for asset in assets]
        return []

    def _read_form(self, questions, sent, files):
        """Return (rows, remark, errors) of a sent form.

        :param dict sent: names to texts
        :param dict files: names to [(name, content as bytes)]
        :return: list of (values of ``helpdesk.catalogue.answer`` without ticket, files), the remark (str), and
            {name of the question: what the person should do}
        """
        reader = self.env['helpdesk.form.answers']
        answers, errors = reader._read([one for one in questions if one['input'] != 'file'], sent)
        errors.update(self._file_errors(questions, sent, files))
        rows = []
        for question in questions:
            given = files.get(question['name']) if question['input'] == 'file' else None
            if given and reader._is_shown(question, questions, sent):
                names = ', '.join(clean_name(name) for name, _content in given)
                rows.append((self._answer_values(question, names), given))
            elif question['name'] in answers and question['record']:
                rows.append((self._answer_values(question, answers[question['name']]), []))
        return rows, typed(answers.get(REMARK)).strip(), errors

    def _file_errors(self, questions, sent, files):
        """Return {name: words} of the questions for files that are not answered as they should be."""
        errors, count = {}, 0
        for question in questions:
            name = question['name']
            if question['input'] != 'file' or not self.env['helpdesk.form.answers']._is_shown(
                    question, questions, sent):
                continue
            given = files.get(name) or []
            count += len(given)
            if not given and question['required']:
                errors[name] = self.env._("Please attach a file for “%s”.", question['label'])
            try:
                self.env['helpdesk.ticket']._portal_check_files(given)
            except UserError as error:
                errors[name] = str(error)
            if count > MAX_FILES:
                errors.setdefault(name, self.env._("Attach at most %s files.", MAX_FILES))
        return errors

    def _answer_values(self, question, value):
        record = question['record']
        values = {'question_id': record.id, 'sequence': record.sequence, 'name': record.name, 'kind': record.kind}
        if record.kind == 'choice':
            return {**values, 'choice_id': int(value)}
        if record.kind == 'asset':
            return {**values, 'equipment_id': int(value)}
        column = {'number': 'number', 'date': 'day', 'yesno': 'yesno'}.get(record.kind, 'text')
        return {**values, column: value}

    # ------------------------------------------------------------
    # ordering
    # ------------------------------------------------------------

    def _make_request(self, sent, files=None, customer=None):
        """Make the ticket of what the present user orders.

        The item (superuser) comes from ``_offered``, the customer from ``_customer``: what may be ordered and for whom
        is decided there.

        :param dict sent: names of the questions to texts; everything else is ignored
        :param dict files: names of questions for files to [(name, content as bytes)]
        :param customer: contact, or None for the user themselves
        :return: (ticket as the superuser, {}), or (None, {name of the question: what the person should do})
        :raise UserError: too many requests in an hour
        """
        self.ensure_one()
        partner = customer or self.env.user.partner_id
        questions = self._form_questions(partner)
        rows, remark, errors = self._read_form(questions, sent, files or {})
        if errors:
            return None, errors
        tickets = self.env['helpdesk.ticket']
        tickets._portal_check_request_pace()
        # sudo: whoever orders has no right on tickets; what may be ordered was decided before
        tickets = tickets.sudo().with_company(self.company_id)
        ticket = tickets.with_context(mail_create_nosubscribe=bool(customer), helpdesk_routing={
            'body': remark, 'files': [(name, '') for _values, given in rows for name, _content in given],
        }).create(self._order_values(partner, bool(customer), remark)).with_env(tickets.env)
        self.env['helpdesk.catalogue.answer']._keep(ticket, rows)
        if not customer:
            ticket.with_context(helpdesk_new_thread=True)._portal_post(
                remark or self.env._("I would like: %s", self.name), [])
        ticket._start_order()
        return ticket, {}

    def _order_values(self, partner, on_behalf, remark):
        values = {
            'name': self.name, 'team_id': self.team_id.id, 'type_id': self.type_id.id, 'priority': self.priority,
            'category_id': self.ticket_category_id.id, 'tag_ids': [(6, 0, self.tag_ids.ids)],
            'catalogue_item_id': self.id, 'partner_id': partner.id, 'channel': 'agent' if on_behalf else 'portal'}
        if on_behalf and remark:
            values['description'] = plaintext2html(remark)
        if brand := self._order_brand():
            values['brand_id'] = brand.id
        return values

    def _order_brand(self):
        """Return the item's brand that the request belongs to: that of the address, or the only one; maybe none."""
        at_address = self.env['helpdesk.brand']._at_address()
        if at_address in self.brand_ids:
            return at_address
        return self.brand_ids if len(self.brand_ids) == 1 else self.brand_ids.browse()
