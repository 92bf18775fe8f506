from odoo.tools import SQL

# the log never moves, and the record of the merge says that there was one
APART = {'helpdesk_ticket_event', 'helpdesk_ticket_merge'}
# transient rows of dialogs
PASSING = ('_dialog', '_dialog_rel', '_freeze', '_freeze_rel', '_erase', '_erase_rel', '_move', '_move_rel')
STAMPS = {'write_date', 'write_uid'}
PAIRS = (('model', 'res_id'), ('res_model', 'res_id'), ('parent_res_model', 'parent_res_id'))


class MergeSnapshot:
    """Every row of the database that refers to a ticket, whatever table it is in."""

    def snapshot(self):
        """Return {table: set of rows}: tickets, what has a foreign key to them, what names them by model and id, and
        what hangs on their messages and followers; without stamps of the last change."""
        self.env.flush_all()
        found = {}
        for table, condition in self._referring():
            if table in APART or table.endswith(PASSING):
                continue
            columns = [name for name in self._columns(table) if name not in STAMPS]
            names = SQL(', ').join(SQL("t.%s::text", SQL.identifier(name)) for name in columns)
            rows = self.env.execute_query(SQL("SELECT %s FROM %s t WHERE %s", names, SQL.identifier(table), condition))
            found.setdefault(table, set()).update(
                tuple(sorted(zip(columns, row, strict=True), key=lambda pair: pair[0])) for row in rows)
        return found

    def assertSnapshot(self, before, stages=True):
        """The database holds what it held ``before``; without the stage and its moments unless ``stages``."""
        after = self.snapshot()
        self.assertEqual(before.keys(), after.keys())
        for table, rows in before.items():
            was, now = self._clean(rows, stages), self._clean(after[table], stages)
            lost, new = [dict(row) for row in was - now], [dict(row) for row in now - was]
            for row in lost:  # what of the row is another
                for other in new:
                    if row.get('id') and row['id'] == other.get('id'):
                        self.assertEqual({}, {name: (value, other[name]) for name, value in row.items()
                                              if other[name] != value}, f'{table} {row["id"]}')
            self.assertEqual((lost, new), ([], []), table)

    @staticmethod
    def _clean(rows, stages):
        left = set() if stages else {'stage_id', 'status', 'stage_changed_at'}
        return {tuple(pair for pair in row if pair[0] not in left) for row in rows}

    def _columns(self, table):
        rows = self.env.execute_query(SQL(
            "SELECT column_name FROM information_schema.columns WHERE table_name = %s ORDER BY 1", table))
        return [row[0] for row in rows]

    def _referring(self):
        """Return [(table, condition)] of what refers to tickets, found in the catalogue of the database."""
        found = [('helpdesk_ticket', SQL("TRUE"))]
        for target, condition in (
                ('helpdesk_ticket', SQL("IS NOT NULL")),
                ('mail_message', SQL("IN (SELECT id FROM mail_message WHERE model = 'helpdesk.ticket')")),
                ('mail_followers', SQL("IN (SELECT id FROM mail_followers WHERE res_model = 'helpdesk.ticket')"))):
            for table, column in self.env.execute_query(SQL("""
                    SELECT c.conrelid::regclass::text, a.attname FROM pg_constraint c
                      JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = c.conkey[1]
                     WHERE c.contype = 'f' AND c.confrelid = %s::regclass ORDER BY 1, 2""", target)):
                found.append((table, SQL("t.%s %s", SQL.identifier(column), condition)))
        for model, place in PAIRS:
            for [table] in self.env.execute_query(SQL("""
                    SELECT m.table_name FROM information_schema.columns m
                      JOIN information_schema.columns r USING (table_name)
                      JOIN information_schema.tables t USING (table_name)
                     WHERE m.column_name = %s AND r.column_name = %s AND t.table_type = 'BASE TABLE'
                       AND m.data_type LIKE 'character%%' ORDER BY 1""", model, place)):
                found.append((table, SQL("t.%s = 'helpdesk.ticket'", SQL.identifier(model))))
        return found
