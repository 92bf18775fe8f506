import re
import secrets
import time
import unicodedata
from datetime import datetime
from urllib.parse import urlencode

from odoo import fields, http
from odoo.addons.portal.controllers.portal import CustomerPortal
from odoo.exceptions import UserError
from odoo.http import request
from odoo.tools import consteq, hash_sign, hmac, verify_hash_signed
from werkzeug.exceptions import NotFound

from ..tools import form_pass, origins
from .helpdesk_portal_ticket import read_files

TOTAL_MB = 50  # of all files together
MAX_BODY = (TOTAL_MB + 2) * 1024 * 1024
THANKS = 'helpdesk_form_thanks'
HONEYPOT = 'fax_again'
MANY = ('address', 'network', 'team')
TAG = re.compile(r'\+[^@]*@')  # jana+shop@example.com gets the mails of jana@example.com


class HelpdeskForm(CustomerPortal):
    """The public form of a team: read, send, thank.

    **Why sending needs no token of a session inside other sites.** Browsers keep no cookie of ours there. A forged
    request is dangerous where it borrows the rights of who is logged in; this route borrows none: it never looks at the
    session's user and makes every ticket as the public. What is sent has to carry a pass, signed by us for this team,
    used once; and a browser that names the origin of the page that sends has to name ours (the page in a frame is ours
    as well), so that another site cannot send a form from its visitors' browsers. On our own site the session's token
    is asked for as everywhere.
    """

    @http.route('/helpdesk/<string:slug>/new', type='http', auth='public', website=True, methods=['GET'], sitemap=False)
    def helpdesk_form(self, slug, **options):
        """Show the form; changes nothing."""
        return self._form_page(self._form_team(slug, options), options, {}, {})

    @http.route('/helpdesk/<string:slug>/new', type='http', auth='public', website=True, methods=['POST'], csrf=False,
                max_content_length=MAX_BODY, sitemap=False)
    def helpdesk_form_send(self, slug, **options):
        """Take a sent form: a ticket and the thank-you page, or the form again with what was typed and why."""
        sent = request.httprequest.form
        team = self._form_team(slug, options)
        held = form_pass.check(sent.get('pass'), self._form_sign, team.id, int(time.time()), consteq)
        refused = self._refused_by_form(team, sent, options, held)
        if refused:
            return self._form_refuse(team, options, sent, refused)
        questions = self._form_model('helpdesk.form.questions')._questions(team)
        answers, errors = self._form_model('helpdesk.form.answers')._read(questions, sent)
        files = self._form_files(team, errors)
        if held.state == form_pass.OLD:
            errors['pass'] = self._form_words('old')
        if errors:
            return self._form_page(
                team, options, sent, errors, '' if held.state == form_pass.OLD else sent['pass'])
        refused = self._refused_by_count(team, answers, held)
        if refused:
            return self._form_refuse(team, options, sent, refused)
        ticket = self._form_model('helpdesk.form.intake')._make_ticket(team, questions, answers, files)
        self._form_model('helpdesk.article.search')._page_note_ticket(sent.get('found'), sent.get('suggested'))
        return self._redirect_to_thanks(team, ticket, options)

    @http.route('/helpdesk/<string:slug>/thanks', type='http', auth='public', website=True, methods=['GET'],
                sitemap=False)
    def helpdesk_form_thanks(self, slug, token='', **options):
        """Say the number, what happens next and by when. All of it stands in the signed link."""
        team = self._form_team(slug, options)
        said = self._read_thanks(token)
        if not said or said[0] != team.id:
            raise NotFound()
        _team, number, due, metric, mailed = said
        return self._form_render('helpdesk_portal.form_thanks', team, options, {
            'number': number, 'promise': due and self._form_model('helpdesk.form.intake')._promise_words(
                team, fields.Datetime.to_datetime(due), metric), 'mailed': mailed})

    # ------------------------------------------------------------
    # who may send
    # ------------------------------------------------------------

    def _refused_by_form(self, team, sent, options, held):
        """Return the reason why nothing in the form is looked at, or False."""
        if sent.get(HONEYPOT):
            return 'robot'
        if not self._is_own_origin():
            return 'origin'
        if not self._is_embedded(team, options) and not self._is_of_session(sent.get('csrf_token') or ''):
            return 'origin'
        return held.state if held.state in (form_pass.FORGED, form_pass.YOUNG) else False

    def _refused_by_count(self, team, answers, held):
        """Return the reason why a well-formed request is one too many, or False. It counts from here on."""
        counted = request.httprequest.environ  # a request that the server runs again is still one request
        if 'helpdesk.form.counted' not in counted:
            counted['helpdesk.form.counted'] = self._count_request(team, answers, held)
        return counted['helpdesk.form.counted']

    def _count_request(self, team, answers, held):
        limit = self._form_model('helpdesk.form.limit')
        if limit._take({'pass': held.nonce}, {'pass': 1}, since=datetime.utcfromtimestamp(held.made)):
            return 'replay'
        try:
            request.env['ir.http']._verify_request_recaptcha_token('helpdesk_form')
        except UserError:
            return 'captcha'
        network = origins.network(request.httprequest.remote_addr)
        # an address counts for the network that names it: anybody can type anybody's, and must lock nobody out
        return limit._take({
            'address': f"{network} {_mailbox(answers['email'])}", 'network': network, 'team': str(team.id)},
            limit._limits())

    def _is_own_origin(self):
        """A browser names the origin of the page that sends; where it does, it has to be ours."""
        origin = request.httprequest.headers.get('Origin')
        return not origin or origin.partition('://')[2] == request.httprequest.host

    def _is_of_session(self, token):
        return token.isascii() and request.validate_csrf(token)

    def _is_embedded(self, team, options):
        return options.get('embed') == '1' and bool(team.form_origins)

    def _form_files(self, team, errors):
        """Return the files that were sent, or put what is wrong with them into ``errors``."""
        uploads = request.httprequest.files.getlist('files') if team.form_files else []
        for upload in uploads:
            upload.seek(0)  # the server may run the request again
        files = read_files(uploads)
        try:
            request.env['helpdesk.ticket']._portal_check_files(files)
        except UserError as error:
            errors['files'] = str(error)
        return files

    def _form_refuse(self, team, options, sent, reason):
        self._form_model('helpdesk.form.refusal')._note(team, reason)
        return self._form_page(
            team, options, sent, {'pass': self._form_words(reason)}, status=429 if reason in MANY else 400)

    def _form_words(self, reason):
        """Return what the visitor reads; nobody learns which limit or check it was, or whom we know."""
        _ = request.env._
        if reason in MANY:
            return _(
                "We cannot take more requests at the moment. Please try again in an hour; your text is still here.")
        return {
            'young': _("That was very quick. Please check your text and send it again."),
            'replay': _("We have this request already. To send another one, change the text and send it again."),
            'old': _("The page was open for a long time. Please send it again; your text is still here."),
        }.get(reason) or _("We could not take the request. Please check your text and send it again.")

    # ------------------------------------------------------------
    # pages
    # ------------------------------------------------------------

    def _form_team(self, slug, options):
        team = request.env['helpdesk.team']._form_team(slug)
        if not team:
            raise NotFound()
        lang = request.env['res.lang']._get_data(code=options.get('lang') or '')
        if lang:
            request.update_context(lang=lang.code)
        return team.with_context(lang=request.env.lang)

    def _form_model(self, name):
        # sudo: the form's own models read the team's settings for a visitor who has no right on anything
        return request.env[name].sudo()

    def _form_sign(self, text):
        # sudo: the server's own secret
        return hmac(request.env(su=True), 'helpdesk_form_pass', text)

    def _form_page(self, team, options, sent, errors, held='', status=None):
        questions = self._form_model('helpdesk.form.questions')._questions(team)
        labels = {question['name']: question['label'] for question in questions} | {'files': request.env._("Files")}
        return self._form_render('helpdesk_portal.form_page', team, options, {
            'questions': questions, 'sent': sent, 'errors': errors, 'honeypot': HONEYPOT, 'labels': labels,
            'first_error': next((name for name in labels if name in errors), ''),
            'pass': held or form_pass.issue(self._form_sign, team.id, int(time.time()), secrets.token_hex(8)),
            'max_mb': request.env['helpdesk.ticket']._portal_max_bytes() // 1024 // 1024, 'total_mb': TOTAL_MB,
        }, status or (422 if errors else 200))

    def _form_render(self, template, team, options, values, status=200):
        embedded = self._is_embedded(team, options)
        response = request.render(template, {
            **self._prepare_portal_layout_values(), 'page_name': 'helpdesk_form',
            'team': team, 'helpdesk_brand': team.brand_id, 'helpdesk_embed': embedded,
            'form_title': team.form_title or request.env._("How can we help you?"),
            'form_action': f'/helpdesk/{team.form_slug or team.id}/new{self._form_query(team, options)}',
            'parent_origins': ' '.join(origins.read(team.form_origins)[0]) if embedded else '', **values,
        }, status=status)
        return self._form_headed(team, response)

    def _form_query(self, team, options, **more):
        """Return the query (str) that keeps how the form is shown from page to page."""
        if self._is_embedded(team, options):
            more['embed'] = '1'
        if more.get('embed') or options.get('lang') == request.env.lang:  # no cookie keeps it inside other sites
            more['lang'] = request.env.lang
        return f'?{urlencode(more)}' if more else ''

    def _form_headed(self, team, response):
        response.headers.update(team._form_headers())
        response.headers['Cache-Control'] = 'no-store'
        response.headers['Referrer-Policy'] = 'same-origin'
        return response

    def _read_thanks(self, token):
        """Return what the thank-you page's link says (list), or None where we did not make it."""
        try:
            # sudo: the server's own secret
            return verify_hash_signed(request.env(su=True), THANKS, token)
        except ValueError:  # not even the form of one
            return None

    def _redirect_to_thanks(self, team, ticket, options):
        clock = self._form_model('helpdesk.form.intake')._promise(ticket)
        due = fields.Datetime.to_string(clock.due_at) if clock else False
        said = [team.id, ticket.number, due, clock.metric, ticket._will_be_acknowledged()]
        # sudo: the server's own secret
        token = hash_sign(request.env(su=True), THANKS, said, expiration_hours=24)
        page = f'/helpdesk/{team.form_slug or team.id}/thanks{self._form_query(team, options, token=token)}'
        return self._form_headed(team, request.redirect(page, code=303))


def _mailbox(address):
    """Return what the ways to write one mailbox have in common."""
    return TAG.sub('@', unicodedata.normalize('NFKC', address))
