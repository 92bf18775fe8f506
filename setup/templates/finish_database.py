# Fed to "odoo shell" once a demo database is complete.
# The scripts and styles of the pages are made now rather than at the first visit.
qweb = env['ir.qweb']
scripts, styles = qweb._get_bundles_to_pregenarate()
for bundle in sorted(scripts | styles):
    if not any(word in bundle for word in ('test', 'dark', 'print', 'hoot')):
        if bundle in scripts:
            qweb._get_asset_bundle(bundle, css=False, js=True).js()
        if bundle in styles:
            qweb._get_asset_bundle(bundle, css=True, js=False).css()
# A private demo server calls nobody: no company look-up at sign-in, no report to the publisher.
if 'iap_enrich_auto_done' in env['res.company']._fields:
    env['res.company'].search([]).iap_enrich_auto_done = True
report = env.ref('mail.ir_cron_module_update_notification', raise_if_not_found=False)
if report:
    report.active = False
env.cr.commit()
print('setup: database complete')
