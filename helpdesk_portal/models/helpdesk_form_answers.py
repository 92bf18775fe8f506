import re
from datetime import date

from odoo import api, models
from odoo.exceptions import UserError
from odoo.tools import email_normalize

from ..tools.typed import typed

# one way to write each mailbox: no quotes, no closing dot, nothing invisible
ADDRESS = re.compile(r"[\w.!#$%&'*+/=?^`{|}~-]+@(?:[\w-]+\.)+[\w-]+")


class HelpdeskFormAnswers(models.AbstractModel):
    """Read what a customer sent: offered questions alone, each by its kind, with words for people where it fails."""
    _name = 'helpdesk.form.answers'
    _description = "Form: Answers"

    @api.model
    def _read(self, questions, sent):
        """Return (answers, errors) of a sent form.

        :param list questions: see ``helpdesk.form.questions``
        :param sent: mapping of names to texts; what no question asks for is not looked at
        :return: {name: value as a ticket takes it} and {name: what the customer should do}
        """
        answers, errors = {}, {}
        for question in questions:
            name = question['name']
            if not self._is_shown(question, questions, sent):
                continue
            raw = _clean(sent.get(name))
            if not raw:
                if question['required']:
                    errors[name] = self.env._("Please fill in “%s”.", question['label'])
                continue
            try:
                answers[name] = getattr(self, f'_read_{question["input"]}')(question, raw)
            except ValueError as error:
                errors[name] = str(error)
        return answers, errors

    @api.model
    def _read_fields(self, questions, sent):
        """Return the answers to questions for ticket fields as a ticket takes them: {property name: value}.

        :raise UserError: what the customer should do
        """
        answers, errors = self._read(questions, sent)
        if errors:
            raise UserError('\n'.join(errors.values()))
        return self._property_values(questions, answers)

    @api.model
    def _property_values(self, questions, answers):
        return {question['property']['name']: answers[question['name']]
                for question in questions if question['property'] and question['name'] in answers}

    @api.model
    def _is_shown(self, question, questions, sent):
        """Tell whether a question is asked, given the answers to those it hangs on."""
        while question['when']:
            name, value, _words = question['when']
            if _clean(sent.get(name)) != value:
                return False
            question = next((one for one in questions if one['name'] == name), {'when': False})
        return True

    def _read_text(self, question, raw):
        if len(raw) > question['limit']:
            raise ValueError(self.env._("Please use %s characters at most.", question['limit']))
        return raw if question['input'] == 'textarea' else ' '.join(raw.split())

    _read_textarea = _read_text
    _read_tel = _read_text

    def _read_email(self, question, raw):
        address = email_normalize(raw)
        if not address or len(raw) > question['limit'] or not ADDRESS.fullmatch(address):
            raise ValueError(self.env._("Please enter an e-mail address such as name@example.com."))
        return address

    def _read_number(self, question, raw):
        whole = question['property']['type'] == 'integer'
        try:
            number = float(raw.replace(',', '.'))
            if not abs(number) < 2 ** 31 or (whole and number != int(number)):
                raise ValueError
        except ValueError:
            raise ValueError(self.env._("Please enter a number.")) from None
        return int(number) if whole else number

    def _read_date(self, question, raw):
        try:
            return date.fromisoformat(raw).isoformat()
        except ValueError:
            raise ValueError(self.env._("Please enter a date such as 2026-03-31.")) from None

    def _read_checkbox(self, question, raw):
        if raw != '1':  # what hangs on the box is asked by this value
            raise ValueError(self.env._("Please tick the box, or leave it empty."))
        return True

    def _read_select(self, question, raw):
        if raw not in dict(question['options']):
            raise ValueError(self.env._("Please choose one of the list."))
        return raw


def _clean(text):
    return typed(text).strip()
