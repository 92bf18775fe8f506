from odoo import api, models

SINGLE_VALUED = ('many2one', 'selection', 'char', 'boolean', 'integer', 'date', 'datetime')


class HelpdeskTicketTotalsMixin(models.AbstractModel):
    """Pivot tables over all tickets, fast: PostgreSQL sorts every ticket for GROUPING SETS, while the finest grouping
    is one pass over an index, and its few rows are added up here."""
    _name = 'helpdesk.ticket.totals.mixin'
    _description = "Ticket: Totals"

    @api.model
    def _read_grouping_sets(self, domain, grouping_sets, aggregates=(), order=None):
        finest = max(grouping_sets, key=len, default=())
        rows = self._adds_up(finest, grouping_sets, aggregates, order) and self._read_group(domain, finest, aggregates)
        if not rows:
            return super()._read_grouping_sets(domain, grouping_sets, aggregates, order)
        ranks = self._group_ranks(finest, rows, order)
        specs = order.split(',') if order else dict.fromkeys(spec for groupby in grouping_sets for spec in groupby)
        terms = [spec.strip() for spec in specs]
        return [self._add_up(finest, groupby, rows, ranks, terms) for groupby in grouping_sets]

    def _adds_up(self, finest, grouping_sets, aggregates, order):
        """Tell whether every grouping is a sum of ``finest``: one value per ticket and field, counts and sums only."""
        return (
            len(grouping_sets) > 1 and all(set(groupby) <= set(finest) for groupby in grouping_sets)
            and not any('.' in spec or self._fields[spec.split(':')[0]].type not in SINGLE_VALUED for spec in finest)
            and all(aggregate == '__count' or aggregate.endswith(':sum') for aggregate in aggregates)
            and {term.strip() for term in (order or '').split(',') if term} <= set(finest))

    def _group_ranks(self, finest, rows, order):
        """Return {grouping: {id: rank}} of the many2one groupings: core sorts them as their model does, or by id."""
        ranks = {}
        for place, spec in enumerate(finest):
            if self._fields[spec.split(':')[0]].type == 'many2one':
                records = self.env[self._fields[spec].comodel_name].union(*(row[place] for row in rows))
                # sudo: a group may be named by what its reader may not open, as in core
                records = records.sudo().sorted() if order else records.sorted('id')
                ranks[spec] = {record.id: rank for rank, record in enumerate(records)}
        return ranks

    def _add_up(self, finest, groupby, rows, ranks, terms):
        """Return the rows of ``groupby`` in the order of ``terms``, made of the ``rows`` of ``finest``."""
        places, sums = [finest.index(spec) for spec in groupby], {}
        for row in rows:
            key, values = tuple(row[place] for place in places), row[len(finest):]
            before = sums.get(key)
            if before:
                values = [a + b if a and b else a or b for a, b in zip(before, values, strict=True)]
            sums[key] = list(values)

        def rank(key):
            return [self._group_rank(term, key[groupby.index(term)], ranks) for term in terms if term in groupby]
        return [(*key, *sums[key]) for key in sorted(sums, key=rank)]

    def _group_rank(self, spec, value, ranks):
        """Return what sorts ``value`` as PostgreSQL does: empty ones last."""
        if spec in ranks:
            return not value, ranks[spec].get(value.id, 0)
        return value is False and self._fields[spec.split(':')[0]].type != 'boolean', value
