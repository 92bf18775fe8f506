from odoo import api, fields, models

JOBS = 'helpdesk_core.jobs'


class IrCron(models.Model):
    _inherit = 'ir.cron'

    @api.model
    def _helpdesk_wake(self, xmlid):
        """Have the scheduled job ``xmlid`` run right after this transaction.

        All jobs woken in one transaction are written in one statement and announced once: core writes a row and opens
        a connection for each call.
        """
        precommit = self.env.cr.precommit
        waiting = precommit.data.get(JOBS)
        if waiting is None:
            waiting = precommit.data[JOBS] = set()
            precommit.add(self.sudo()._helpdesk_announce)  # sudo: waking a job is no right of agents
        waiting.add(xmlid)

    def _helpdesk_announce(self):
        xmlids = self.env.cr.precommit.data.pop(JOBS, ())
        ids = [self.env['ir.model.data']._xmlid_to_res_id(xmlid) for xmlid in sorted(xmlids)]
        ids = [cron_id for cron_id in ids if cron_id]
        if not ids:
            return
        now = fields.Datetime.now()
        self.env['ir.cron.trigger'].create([{'cron_id': cron_id, 'call_at': now} for cron_id in ids])
        self.env['ir.cron.trigger'].flush_model()
        self.env.cr.postcommit.add(self._helpdesk_notify)

    def _helpdesk_notify(self):
        """Wake the schedulers."""
        self._notifydb()
