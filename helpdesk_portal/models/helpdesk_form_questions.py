from odoo import api, models

INPUTS = {'char': 'text', 'integer': 'number', 'float': 'number', 'date': 'date', 'boolean': 'checkbox',
          'text': 'textarea', 'selection': 'select'}


class HelpdeskFormQuestions(models.AbstractModel):
    """What customers are asked, as plain dicts: pages are drawn from them, answers are read by them.

    A question has ``name``, ``label``, ``input`` ('text', 'email', 'tel', 'number', 'date', 'checkbox', 'textarea',
    'select'), ``required``, ``options`` [(value, label)], ``limit`` (characters), ``complete`` (the browser's
    autocomplete), ``when`` (name, value, words) of the answer that it hangs on or False, and ``property``, the
    definition of the ticket field or None.
    """
    _name = 'helpdesk.form.questions'
    _description = "Form: Questions"

    @api.model
    def _questions(self, team):
        """Return what the public form of ``team`` (in sudo) asks, in order."""
        _ = self.env._
        questions = [
            _question('name', _("Your name"), required=True, limit=120, complete='name'),
            _question('email', _("Your e-mail address"), 'email', required=True, limit=254, complete='email')]
        if team.form_phone != 'no':
            questions.append(_question('phone', _("Phone"), 'tel', team.form_phone == 'required', 40, complete='tel'))
        if team.form_company != 'no':
            questions.append(_question(
                'company', _("Company"), 'text', team.form_company == 'required', 120, complete='organization'))
        types = team.form_type_ids.filtered(lambda one: one.active and not one.group_ids)
        categories = team.form_category_ids.filtered('active')
        for name, label, records in (('type', _("What is it about?"), types), ('category', _("Topic"), categories)):
            if records:
                options = [(str(one.id), one.display_name) for one in records]
                questions.append(_question(name, label, 'select', required=True, options=options))
        questions.append(_question('subject', _("In a few words"), required=True, limit=200))
        questions += self._field_questions(team, 'on_form')
        questions.append(_question(
            'text', _("What happened, and what do you need?"), 'textarea', required=True, limit=20000))
        return questions

    @api.model
    def _field_questions(self, team, place):
        """Return the questions for the ticket fields of ``team`` (in sudo).

        :param str place: 'on_form' or 'in_portal'. The portal also asks, without need, for fields that the team has not
            decided on; the public form does not.
        """
        lines = team.form_field_ids
        known = set(lines.mapped('property_name'))
        questions = [self._field_question(line, place) for line in lines if line[place] and line._is_askable()]
        if place == 'in_portal':
            questions += [
                _property_question(one) for one in team.ticket_properties or []
                if one['name'] not in known and one['type'] in INPUTS]
        return questions

    @api.model
    def _field_question(self, line, place):
        question, parent = _property_question(line._definition(), line.required), line.parent_id
        if parent and parent[place] and parent._is_askable():
            wanted = line._wanted_value()
            words = dict(parent._choices()).get(wanted, wanted)
            question['when'] = (f'field_{parent.property_name}', wanted, self.env._(
                "Only if “%(field)s” is “%(value)s”.", field=parent.label, value=words))
        return question


def _property_question(definition, required=False):
    kind = definition['type']
    question = _question(
        f"field_{definition['name']}", definition.get('string') or definition['name'], INPUTS[kind], required,
        2000 if kind == 'text' else 250, options=[tuple(one) for one in definition.get('selection') or []])
    question['property'] = definition
    return question


def _question(name, label, kind='text', required=False, limit=0, options=(), complete=''):
    return {'name': name, 'label': label, 'input': kind, 'required': required, 'limit': limit,
            'options': list(options), 'complete': complete, 'when': False, 'property': None}
