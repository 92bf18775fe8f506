import gzip
import io
import json
import pathlib
import zipfile
from email import message_from_bytes, policy

from odoo.addons.helpdesk_core.tests.common_access import HelpdeskAccessCommon
from odoo.tools import SQL

TEXTS = (
    'text', 'character varying', 'character', 'json', 'jsonb', 'bytea', 'tsvector', 'name', 'USER-DEFINED', 'ARRAY')


class Detective:
    """Looks for words in the whole database and in the file store, as a thief would."""

    def where_in_database(self, *words):
        """Return [(table, column, row)] of every row of every table that holds one of ``words``, in any case.

        JSON is read both as it is stored and unescaped; bytes as text, and unpacked.
        """
        self.env.flush_all()
        found = []
        for table, column, kind in self.env.execute_query(SQL(
                "SELECT c.table_name, c.column_name, c.data_type FROM information_schema.columns c"
                " JOIN information_schema.tables t USING (table_schema, table_name)"
                " WHERE c.table_schema = 'public' AND t.table_type = 'BASE TABLE' AND c.data_type IN %s", TEXTS)):
            name = SQL.identifier(column)
            text = SQL("encode(%s, 'escape')", name) if kind == 'bytea' else SQL("%s::text", name)
            like = [f'%{form}%' for word in words for form in {word, json.dumps(word)[1:-1]}]
            found += [(table, column, row) for [row] in self.env.execute_query(SQL(
                "SELECT ctid::text FROM %s WHERE %s ILIKE ANY(%s)", SQL.identifier(table), text, like))]
        return found

    def where_on_disk(self, *words):
        """Return the names of the files of the file store that hold one of ``words``, unpacked and decoded as well."""
        store = pathlib.Path(self.env['ir.attachment']._filestore())
        return [str(path.relative_to(store)) for path in store.rglob('*')
                if path.is_file() and any(_holds(path.read_bytes(), word) for word in words)]

    def purge(self, nightly=False):
        """Delete files as it happens after the commit, which a test never comes to; or as core does at night."""
        self.env.flush_all()
        if nightly:
            self.env['ir.attachment']._gc_file_store_unsafe()
        else:
            self.env['helpdesk.personal.data']._purge(self.env.cr.postcommit.data.pop('helpdesk_core.purge', set()))

    def assertNowhere(self, *words, nightly=False):
        self.purge(nightly)
        self.assertEqual(self.where_in_database(*words), [])
        self.assertEqual(self.where_on_disk(*words), [])


class PrivacyCommon(Detective, HelpdeskAccessCommon):
    """Everybody of the helpdesk."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.engine = cls.env['helpdesk.personal.data']


def _holds(data, word):
    texts = [data]
    if data[:2] == b'\x1f\x8b':
        texts.append(gzip.decompress(data))
    if data[:2] == b'PK':
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            texts += [archive.read(name) for name in archive.namelist()]
    if b'Message-Id' in data[:5000] or b'Message-ID' in data[:5000]:
        texts += [part.get_payload(decode=True) or b'' for part in message_from_bytes(
            data, policy=policy.default).walk() if not part.is_multipart()]
    forms = [word.lower().encode(), word.lower().encode('utf-16-le')]
    return any(form in text.lower() for text in texts for form in forms)
