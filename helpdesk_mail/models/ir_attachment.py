import logging
import pathlib
import shutil
import tempfile

from odoo import api, models
from odoo.exceptions import UserError

_logger = logging.getLogger(__name__)


class IrAttachment(models.Model):
    _inherit = 'ir.attachment'

    @api.model
    def _get_path(self, bin_data, sha):
        """Make a torn file whole instead of refusing its content for ever (F1, F6).

        Who is killed, or finds the disk full, in the middle of writing a file leaves the beginning of it under the
        name of the whole. Core takes that for another file of the same checksum, whoever brings the content again.
        """
        try:
            return super()._get_path(bin_data, sha)
        except UserError:
            if self._compute_checksum(bin_data) != sha:
                raise
            self._helpdesk_mend_torn_file(bin_data, sha)
            # still refused where another file of the same checksum is whole
            return super()._get_path(bin_data, sha)

    @api.model
    def _helpdesk_mend_torn_file(self, bin_data, sha):
        """Put ``bin_data`` in place of the file named ``sha`` unless that is whole, in one step.

        Another worker may be in the middle of writing the same content: it goes on in a file that has no name any more.
        """
        fname = f'{sha[:2]}/{sha}'
        path = pathlib.Path(self._full_path(fname))
        try:
            if self._compute_checksum(path.read_bytes()) == sha:
                return
        except FileNotFoundError:  # collected as garbage meanwhile
            return
        self._mark_for_gc(fname)  # in case the transaction aborts
        with tempfile.NamedTemporaryFile(dir=path.parent, delete=False) as file:
            whole = pathlib.Path(file.name)
            try:
                file.write(bin_data)
                file.flush()
                shutil.copymode(path, whole)
                whole.replace(path)
            except OSError:
                whole.unlink(missing_ok=True)
                raise
        _logger.info("A file that was cut off while it was written is whole again: %s", path)

    def _helpdesk_copy_for(self, env, model, res_id):
        """Return copies of these files that belong to another record, without the keys that open the originals.

        :param env: environment of the user who makes them
        :param str model: of the record, ``res_id`` its id
        """
        return env['ir.attachment'].with_context(attachments_mime_plainxml=True, image_no_postprocess=True).create([
            {'name': file.name, 'raw': file.raw, 'mimetype': file.mimetype, 'res_model': model, 'res_id': res_id}
            for file in self])
