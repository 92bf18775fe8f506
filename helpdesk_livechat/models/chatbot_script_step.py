from markupsafe import Markup
from odoo import api, fields, models
from odoo.addons.helpdesk_core.tools.assignment import BALANCED, Need, decide

ARTICLES, TICKET, FORWARD = 'helpdesk_articles', 'helpdesk_ticket', 'helpdesk_forward'


class ChatbotScriptStep(models.Model):
    """What a bot does for the helpdesk: offer articles, make a ticket, hand over to who can help (S0-11)."""
    _inherit = 'chatbot.script.step'

    step_type = fields.Selection(
        selection_add=[(ARTICLES, "Offer Articles"), (TICKET, "Create Ticket"), (FORWARD, "Hand Over by Skill")],
        ondelete={ARTICLES: 'cascade', TICKET: 'cascade', FORWARD: 'cascade'})
    helpdesk_team_id = fields.Many2one(
        'helpdesk.team', string="Helpdesk Team", index='btree_not_null', ondelete='set null',
        help="Who gets the ticket, or the visitor. Empty: the team of the live chat channel.")
    helpdesk_skill_ids = fields.Many2many(
        'helpdesk.tag', 'helpdesk_chatbot_step_tag_rel', 'step_id', 'tag_id', string="Skills",
        help="Of the team's people who are online and can take more, who has most of these skills gets the visitor.")

    @api.model_create_multi
    def create(self, vals_list):
        steps = super().create(vals_list)
        steps._helpdesk_add_answers()
        return steps

    def write(self, vals):
        result = super().write(vals)
        if vals.get('step_type') == ARTICLES:
            self._helpdesk_add_answers()
        return result

    def _helpdesk_add_answers(self):
        """Give steps that offer articles the two answers that they need, to be reworded as one likes."""
        self.env['chatbot.script.answer'].create([
            {'script_step_id': step.id, 'name': name, 'sequence': sequence, 'helpdesk_helped': helped}
            for step in self if step.step_type == ARTICLES and not step.answer_ids
            for sequence, (name, helped) in enumerate(
                [(self.env._("That helped"), True), (self.env._("I still need help"), False)])])

    def _compute_is_forward_operator(self):
        super()._compute_is_forward_operator()
        self.filtered(lambda step: step.step_type == FORWARD).is_forward_operator = True

    def _is_last_step(self, discuss_channel=False):
        """A step that asks whether articles helped goes on with what is answered."""
        return self.step_type != ARTICLES and super()._is_last_step(discuss_channel)

    def _process_answer(self, discuss_channel, message_body):
        """An article that helped ends the script; a step that has no article to offer is passed over."""
        if self.step_type == ARTICLES and self._helpdesk_is_helped(discuss_channel):
            discuss_channel._helpdesk_note_helped(self.chatbot_script_id)
            return self.browse()
        step = super()._process_answer(discuss_channel, message_body)
        while step.step_type == ARTICLES and not discuss_channel._helpdesk_find_articles():
            step = step._fetch_next_step(self._helpdesk_answers(discuss_channel))
        return step

    def _helpdesk_answers(self, discuss_channel):
        # sudo: visitors' own answers
        return discuss_channel.sudo().chatbot_message_ids.user_script_answer_id

    def _helpdesk_is_helped(self, discuss_channel):
        # sudo: as above
        asked = discuss_channel.sudo().chatbot_message_ids.filtered(
            lambda said: said.script_step_id == self and said.user_script_answer_id)
        return asked.sorted('id')[-1:].user_script_answer_id.helpdesk_helped

    def _process_step(self, discuss_channel):
        process = {ARTICLES: self._process_step_articles, TICKET: self._process_step_ticket,
                   FORWARD: self._process_step_forward}.get(self.step_type)
        return process(discuss_channel) if process else super()._process_step(discuss_channel)

    def _process_step_articles(self, discuss_channel):
        """Offer what was found for the visitor's last words; see ``_helpdesk_find_articles``."""
        offer = discuss_channel._helpdesk_articles_offer()
        return discuss_channel._chatbot_post_message(
            self.chatbot_script_id, Markup('%s%s') % (self.message or '', offer))

    def _process_step_ticket(self, discuss_channel):
        """Make the ticket of the chat of what was answered so far, and say its number."""
        return self._helpdesk_make_and_say(discuss_channel, self.message)

    def _process_step_forward(self, discuss_channel):
        """Hand over to who can help. Where nobody is there: a ticket, unless a later step makes it."""
        bot = discuss_channel.livechat_operator_id
        posted = discuss_channel._forward_human_operator(self, users=self._helpdesk_choose(discuss_channel))
        if discuss_channel.livechat_operator_id != bot or self._helpdesk_ticket_follows(discuss_channel):
            return posted
        return self._helpdesk_make_and_say(
            discuss_channel, self.env._("Nobody is free at the moment. We will come back to you."))

    def _helpdesk_make_and_say(self, discuss_channel, message):
        """Make the ticket of the chat, and say ``message`` and its number; a bot can be called without end, so there
        are no more of them in an hour than a team may get of messages that are left."""
        chat = discuss_channel.sudo()  # sudo: visitors have no right on tickets and teams
        if not chat.helpdesk_ticket_id and chat.livechat_channel_id._helpdesk_is_flooded(
                self.helpdesk_team_id.sudo() or chat._helpdesk_team()):  # sudo: as above
            return discuss_channel._chatbot_post_message(self.chatbot_script_id, self.env._(
                "We cannot take more requests at the moment. Please try again in an hour."))
        ticket, _made = discuss_channel._helpdesk_make_ticket(team=self.helpdesk_team_id)
        # sudo: the number of the visitor's own ticket
        words = discuss_channel.sudo()._helpdesk_ticket_words(ticket)
        return discuss_channel._chatbot_post_message(
            self.chatbot_script_id, Markup('%s<div>%s</div>') % (message or '', words))

    def _helpdesk_choose(self, discuss_channel):
        """Return the user (maybe nobody) of the team who is online, can take more and has most of the skills, by the
        rules by which tickets are assigned."""
        chat = discuss_channel.sudo()  # sudo: visitors do not read who works there
        livechat = chat.livechat_channel_id
        team = self.helpdesk_team_id or livechat.helpdesk_team_id
        if not team or not livechat:
            return self.env['res.users']
        members = team._assignable_members()
        users = self.env['res.users'].browse([one.user for one in members.values()])
        online = set(livechat._get_available_operators_by_livechat_channel(users)[livechat].ids)
        decision = decide(BALANCED, [one for one in members.values() if one.user in online], Need(
            tags=frozenset(self.helpdesk_skill_ids.ids), lang=chat.livechat_lang_id.code or None))
        return users.browse(decision.member.user) if decision.member else users.browse()

    def _helpdesk_ticket_follows(self, discuss_channel):
        """Tell whether a step that makes a ticket is still to come."""
        step, answers = self, self._helpdesk_answers(discuss_channel)
        while step := step._fetch_next_step(answers):
            if step.step_type == TICKET:
                return True
        return False
