import logging

from odoo import api, models
from odoo.exceptions import AccessError, MissingError, UserError
from odoo.http import request

from ..tools.contract import METHODS, MOST_BYTES
from ..tools.schema import Invalid, check, decoded


def one_line(text):
    """Return the text in one line: it may come to stand in the head of a mail."""
    return ' '.join(text.split())


class BadParameter(UserError):
    """A parameter is missing or wrong (422); the message names it and says what is expected."""

    loglevel = logging.INFO  # told to the caller: nothing for the server's log


class HelpdeskApiGateMixin(models.AbstractModel):
    """Who and what comes in: helpdesk agents, with parameters as the contract says."""
    _name = 'helpdesk.api.gate.mixin'
    _description = "Helpdesk API: Gate"

    @api.model
    def _enter(self, method, values):
        """Check who calls ``method`` and with what.

        :param dict values: the parameters, as JSON gives them
        :return: (this model, free of whatever context the caller sent; the parameters with their defaults)
        :raise AccessError: the user is no helpdesk agent
        :raise BadParameter: a parameter is missing, unknown or wrong
        """
        if not self.env.user.has_group('helpdesk_core.group_helpdesk_user'):
            raise AccessError(self.env._(
                "The helpdesk API is for users with the right “Helpdesk: Agent”. Use a key of such a user, "
                "or have an administrator give %s the right.", self.env.user.name))
        self._check_body()
        schema = METHODS[method]['parameters']
        try:
            given = check(schema, values)
        except Invalid as invalid:
            raise BadParameter(self._explained(method, invalid)) from None
        defaults = {name: part['default'] for name, part in schema['properties'].items() if 'default' in part}
        # language and time zone are the user's own; nothing else that a context could say is heeded
        clean = self.env(context=self.env['res.users'].context_get())
        return self.with_env(clean), {**defaults, **given}

    def _check_body(self):
        """Refuse a body of JSON that is no object: core takes it for none."""
        if request and request.dispatcher.routing_type == 'json2' and request.httprequest.content_length and not (
                isinstance(request.dispatcher.jsonrequest, dict)):
            raise BadParameter(self.env._("The body must be a JSON object with the parameters."))

    def _explained(self, method, invalid):
        """Return the error of a parameter in words."""
        if invalid.path.partition('.')[0].partition('[')[0] not in METHODS[method]['parameters']['properties']:
            return self.env._("“%(name)s” is no parameter of %(method)s. It takes %(expected)s",
                              name=invalid.path, method=method, expected=invalid.expected)
        return self.env._("“%(name)s” of %(method)s must be %(expected)s; it is %(value)s",
                          name=invalid.path, method=method, expected=invalid.expected, value=invalid.shown)

    @api.model
    def _one_of(self, given, *names):
        """Return the one name of ``names`` that was given.

        :raise BadParameter: none of them, or several
        """
        found = [name for name in names if name in given]
        if len(found) != 1:
            raise BadParameter(self.env._("Give one of these, and one only: %s", ', '.join(names)))
        return found[0]

    @api.model
    def _named(self, name, model, record_id):
        """Return the record of ``model`` that the parameter ``name`` means by ``record_id``.

        :raise BadParameter: there is none that the user may see
        """
        record = self.env[model].browse(record_id)
        if not record.exists() or not record.has_access('read'):
            raise BadParameter(self.env._("“%(name)s”: there is no %(what)s with the id %(id)s that you may see.",
                                          name=name, what=self.env[model]._description, id=record_id))
        return record

    @api.model
    def _tags(self, names):
        """Return the tags with these names, small and capital letters being the same.

        :raise BadParameter: one of them does not exist
        """
        tags = self.env['helpdesk.tag']
        for name in dict.fromkeys(names):  # at most as many as the contract lets in
            tag = tags.search([('name', '=ilike', name.replace('\\', '\\\\').replace('%', r'\%').replace('_', r'\_'))],
                              limit=1)
            if not tag:
                raise BadParameter(self.env._("“tags”: there is no tag “%s”. Make it first.", name))
            tags |= tag
        return tags

    @api.model
    def _files(self, given):
        """Return the given attachments as [(name, bytes)].

        :raise BadParameter: together they are too large
        """
        files = [(one_line(file['name']), decoded(file['content'])) for file in given.get('attachments', ())]
        if sum(len(content) for _name, content in files) > MOST_BYTES:
            raise BadParameter(self.env._(
                "“attachments” are larger than %s MiB together. Send fewer, or smaller ones.", MOST_BYTES // 1024 ** 2))
        return files

    @api.model
    def _ticket(self, ticket_id, operation='read'):
        """Return the ticket that the user may read, and do ``operation`` with.

        :raise MissingError: there is none that they may read
        :raise AccessError: they may not do it
        """
        ticket = self.env['helpdesk.ticket'].browse(ticket_id)
        if not ticket.exists() or not ticket.has_access('read'):
            raise self._no_ticket(ticket_id)
        ticket.check_access(operation)
        return ticket

    @api.model
    def _no_ticket(self, named):
        """What is answered whether there is no such ticket or it is kept from the user."""
        return self._missing(self.env._("There is no ticket %s that you may see.", named))

    @api.model
    def _missing(self, message):
        """Return the error for what is not there (404)."""
        error = MissingError(message)
        error.loglevel = logging.INFO  # as above
        return error
