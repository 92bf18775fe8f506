from odoo import api, fields, models
from odoo.exceptions import ValidationError

KINDS = [
    ('text', "Short text"), ('textarea', "Long text"), ('number', "Number"), ('date', "Date"), ('yesno', "Yes or no"),
    ('choice', "Choice"), ('file', "File"), ('asset', "One of their assets"),
]
YES_NO = [('yes', "Yes"), ('no', "No")]


class HelpdeskCatalogueQuestion(models.Model):
    """One thing that is asked of whoever orders. Answers keep its words: changing it changes no request."""
    _name = 'helpdesk.catalogue.question'
    _description = "Catalogue Question"
    _inherit = ['helpdesk.audited.mixin']
    _order = 'sequence, id'

    item_id = fields.Many2one('helpdesk.catalogue.item', required=True, index=True, ondelete='cascade')
    company_id = fields.Many2one(related='item_id.company_id')
    sequence = fields.Integer(default=10)
    name = fields.Char(string="Question", required=True, translate=True)
    kind = fields.Selection(KINDS, string="Answered With", required=True, default='text')
    help = fields.Char(string="Explanation", translate=True, help="Stands in small letters below the field.")
    required = fields.Boolean(help="Nothing is sent without it, where it is asked.")
    choice_ids = fields.One2many('helpdesk.catalogue.choice', 'question_id', string="Choices", copy=True)
    parent_id = fields.Many2one(
        'helpdesk.catalogue.question', string="Only If", index='btree_not_null', ondelete='set null', copy=False,
        domain="[('item_id', '=', item_id), ('id', '!=', id), ('kind', 'in', ('yesno', 'choice'))]",
        help="It is asked only where this other question was answered as said beside. Save the other one first.")
    parent_kind = fields.Selection(related='parent_id.kind', string="Other Answered With")
    parent_yesno = fields.Selection(YES_NO, string="Is", default='yes')
    parent_choice_id = fields.Many2one(
        'helpdesk.catalogue.choice', string="Is Answered", domain="[('question_id', '=', parent_id)]", copy=False,
        ondelete='set null', index='btree_not_null')
    condition = fields.Char(string="Asked If", compute='_compute_condition')

    @api.depends('parent_id.name', 'parent_id.kind', 'parent_yesno', 'parent_choice_id.name')
    def _compute_condition(self):
        for question in self:
            wanted = question._wanted()
            question.condition = wanted and self.env._(
                "Only if “%(question)s” is “%(answer)s”.", question=question.parent_id.name, answer=wanted[1])

    @api.constrains('parent_id', 'item_id')
    def _check_parent_id(self):
        if self._has_cycle() or any(one.parent_id and one.parent_id.item_id != one.item_id for one in self):
            raise ValidationError(self.env._(
                "A question hangs on the answer to another question of the same item, and not in a circle."))

    @api.constrains('parent_id', 'parent_choice_id')
    def _check_parent_choice_id(self):
        for question in self.filtered('parent_id'):
            if question.parent_id.kind not in ('yesno', 'choice'):
                raise ValidationError(self.env._(
                    "“%s” can hang on a choice or on a yes or no.", question.name))
            if question.parent_choice_id and question.parent_choice_id.question_id != question.parent_id:
                raise ValidationError(self.env._("“%s” hangs on a choice of another question.", question.name))

    def _wanted(self):
        """Return (answer as forms send it, its words) of the question that this one hangs on; False: on none.

        A choice that is gone is wanted by nobody: the question is not asked.
        """
        parent = self.parent_id
        if not parent:
            return False
        if parent.kind == 'yesno':
            value = self.parent_yesno or 'yes'
            return value, dict(self._fields['parent_yesno']._description_selection(self.env))[value]
        return f'{self.parent_choice_id.id or "none"}', self.parent_choice_id.name or ''

    def _copy_conditions(self, twins):
        """Hang ``twins``, the copies of these questions in the same order, on each other as these are."""
        pairs = dict(zip(self, twins, strict=True))
        choices = {choice: twin for one, other in pairs.items()
                   for choice, twin in zip(one.choice_ids, other.choice_ids, strict=True)}
        for question, twin in pairs.items():
            if question.parent_id in pairs:
                twin.write({'parent_id': pairs[question.parent_id].id,
                            'parent_choice_id': choices[question.parent_choice_id].id
                            if question.parent_choice_id in choices else False})
