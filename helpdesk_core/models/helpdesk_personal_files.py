import pathlib
from typing import NamedTuple

import psycopg2
from odoo import api, models, modules
from odoo.tools import SQL, mute_logger

from ..tools.redact_file import is_opaque, is_text, redact_file
from ..tools.redact_mail import redact_mail

KEEP, REWRITE, REMOVE, LOOK = 'keep', 'rewrite', 'remove', 'look'
MAIL = 'message/rfc822'
WRITING = ('mail.message', 'mail.compose.message')  # whose files become those of the ticket


class FileFate(NamedTuple):
    """What happens to a file: id, name, what ('rewrite', 'remove', 'look': nobody can search it), how often it holds
    what is looked for, its new bytes."""
    id: int
    name: str
    what: str
    count: int
    data: bytes | None


class HelpdeskPersonalFiles(models.AbstractModel):
    """Files of tickets: rewritten or removed, also from the disk, unless somebody else has the very same file."""
    _name = 'helpdesk.personal.files.mixin'
    _description = "Personal Data: Files"

    def _file_ids(self, rows):
        """Return the ids of the files that hang on ``rows``: {model: ids}. A message may carry what is something
        else's, such as the leaflet of a mail template: that stays."""
        ids = {row[0] for row in self.env.execute_query(SQL(
            "SELECT a.id FROM message_attachment_rel r JOIN ir_attachment a ON a.id = r.attachment_id"
            " WHERE r.message_id = ANY(%s) AND (a.res_model IS NULL OR coalesce(a.res_id, 0) = 0"
            " OR a.res_model = ANY(%s))", list(rows.get('mail.message', ())), [*rows, *WRITING]))}
        for model, res_ids in rows.items():
            if res_ids:
                ids.update(row[0] for row in self.env.execute_query(SQL(
                    "SELECT id FROM ir_attachment WHERE res_model = %s AND res_id = ANY(%s)", model, list(res_ids))))
        return ids

    def _file_fates(self, ids, find, chosen=()):
        """Return the :class:`FileFate` of the files ``ids`` that do not stay as they are.

        :param chosen: ids of files that are to go, whatever is in them; with them goes each copy in ``ids``, also the
            one in an original mail
        """
        # sudo: files of notes and of others' messages too; the caller has checked the right
        files = self.env['ir.attachment'].sudo().browse(ids)
        drop = {file.checksum for file in files if file.id in set(chosen)}
        fates = [self._file_fate(file, find, drop) for file in files if file.type == 'binary']
        return [fate for fate in fates if fate.what != KEEP]

    def _file_fate(self, file, find, drop):
        mimetype = (file.mimetype or '').lower()
        if file.checksum in drop:
            return FileFate(file.id, file.name, REMOVE, 1, None)
        data = file.with_context(bin_size=False).raw or b''
        if mimetype == MAIL:
            new, count = redact_mail(data, find, redact_file, drop)
        else:
            new, count = redact_file(data, mimetype, find)
            count += len(find(file.index_content or '')) if not is_text(mimetype) else 0
            new = None if count and not is_text(mimetype) else new
        if count:
            return FileFate(file.id, file.name, REWRITE if new is not None else REMOVE, count, new)
        return FileFate(file.id, file.name, LOOK if is_opaque(mimetype) else KEEP, 0, None)

    def _apply_file_fates(self, fates):
        """Rewrite and remove files; return how many were removed."""
        files = self.env['ir.attachment'].sudo()  # sudo: as above
        for fate in fates:
            if fate.what == REWRITE:
                self._rewrite_file(files.browse(fate.id), fate.data)
        gone = files.browse([fate.id for fate in fates if fate.what == REMOVE]).exists()
        self._remove_files(gone)
        return len(gone)

    def _rewrite_file(self, file, data):
        """Give ``file`` other bytes, past the checks for uploads: its kind stays what it was."""
        values, old = file._get_datas_related_values(data, file.mimetype), file.store_fname
        self._write_columns(file, file.id, {name: value or None for name, value in values.items()})
        file.invalidate_recordset()
        if values['store_fname']:
            file._file_write(data, values['checksum'])
        self._purge_soon([old])

    def _remove_files(self, files):
        """Remove ``files`` (sudo), and what is on the disk of them."""
        names = files.mapped('store_fname')
        files.unlink()
        self._purge_soon(names)

    def _purge_soon(self, names):
        """Delete the files ``names`` of the file store right after the commit, where no attachment needs them."""
        names = {name for name in names if name}
        waiting = self.env.cr.postcommit.data.setdefault('helpdesk_core.purge', set())
        if names and not waiting and not modules.module.current_test:
            self.env.cr.postcommit.add(self._purge_waiting)
        waiting |= names
        for name in names:  # core's garbage collection takes them tonight, should the purge not come to it
            self.env['ir.attachment']._file_delete(name)

    def _purge_waiting(self):
        names = self.env.cr.postcommit.data.pop('helpdesk_core.purge', set())
        with self.env.registry.cursor() as cr, mute_logger('odoo.sql_db'):
            try:
                # first thing in its transaction: who is just adding such a file is waited for, and seen
                cr.execute(SQL("SET LOCAL lock_timeout TO '3s'"))
                cr.execute(SQL("LOCK ir_attachment IN SHARE MODE"))
            except psycopg2.errors.LockNotAvailable:
                cr.rollback()
                return
            self.with_env(self.env(cr=cr))._purge(names)

    @api.model
    def _purge(self, names):
        """Delete those of the files ``names`` that no attachment refers to; the caller holds the lock."""
        files = self.env['ir.attachment']
        used = {row[0] for row in self.env.execute_query(SQL(
            "SELECT store_fname FROM ir_attachment WHERE store_fname = ANY(%s)", list(names)))}
        for name in names - used:
            pathlib.Path(files._full_path(name)).unlink(missing_ok=True)
            pathlib.Path(files._full_path('checklist'), name).unlink(missing_ok=True)
