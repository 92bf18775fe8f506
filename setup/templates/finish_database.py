# Fed to "odoo shell" once a demo database is complete.
# The web client's scripts and styles are made now rather than at the first visit.
env['ir.qweb']._pregenerate_assets_bundles()
# A private demo server calls nobody: no company look-up at sign-in, no report to the publisher.
if 'iap_enrich_auto_done' in env['res.company']._fields:
    env['res.company'].search([]).iap_enrich_auto_done = True
report = env.ref('mail.ir_cron_module_update_notification', raise_if_not_found=False)
if report:
    report.active = False
env.cr.commit()
print('setup: database complete')
