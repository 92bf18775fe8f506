import threading
import uuid
from unittest.mock import patch

from odoo import SUPERUSER_ID, api
from odoo.exceptions import UserError
from odoo.modules.registry import DummyRLock, Registry
from odoo.tests import BaseCase, get_db_name, tagged
from odoo.tools import mute_logger

from .common_form import HelpdeskFormCommon

WORKERS = 4


@tagged('post_install', '-at_install')
class TestHelpdeskFormLimit(HelpdeskFormCommon):
    """Programs and floods get no further than the form; a person is told what to do, and keeps their text."""

    def refused(self, page, reason, status=400):
        self.assertEqual(page.status_code, status)
        self.assertFalse(self.made())
        self.assertEqual(self.refusals(), {reason: 1})
        self.assertIn('It smokes\nand smells.</textarea>', page.text)
        self.assertIn('role="alert"', page.text)

    def test_hidden_field(self):
        self.refused(self.send(fax_again='123'), 'robot')

    def test_too_quick(self):
        self.refused(self.send(**{'pass': self.form_pass(age=1)}), 'young')

    def test_forged_pass(self):
        good = self.form_pass()
        for wrong in ('', 'x', good[:-1] + ('0' if good[-1] != '0' else '1'), good.replace('.', '.1', 1), '1.2.3.4.5',
                      self.form_pass(self.team_b), 'é' * 10, '.' * 3, 'x' * 1000, None):
            with self.subTest(wrong=wrong):
                self.assertEqual(self.send(**{'pass': wrong}).status_code, 400)
        self.assertFalse(self.made())
        self.assertEqual(self.refusals(), {'forged': 10})

    def test_pass_is_used_once(self):
        """Also after the hour in which it was used first."""
        held = self.form_pass(age=3000)
        self.assertIn('/thanks', self.send(**{'pass': held}).url)
        with patch('odoo.addons.helpdesk_portal.models.helpdesk_form_limit.fields.Datetime.now') as now:
            now.return_value = self.env.cr.now().replace(year=2030)
            page = self.send(**{'pass': held})
        self.assertEqual(page.status_code, 400)
        self.assertIn("We have this request already.", page.text)
        self.assertEqual(len(self.made()), 1)
        self.assertEqual(self.refusals(), {'replay': 1})
        self.assertNotEqual(self.hidden(page, 'pass'), held)  # sent again on purpose, it goes through

    def test_old_pass(self):
        """A page that stood open for days is no attack: it is sent again with one click."""
        page = self.send(**{'pass': self.form_pass(age=100_000)})
        self.assertEqual(page.status_code, 422)
        self.assertIn("The page was open for a long time.", page.text)
        self.assertFalse(self.refusals())
        self.assertFalse(self.made())

    def test_no_session_token(self):
        self.refused(self.send(csrf_token='0o1'), 'origin')
        self.assertEqual(self.send(csrf_token='éo9999999999').status_code, 400)

    def test_sent_from_another_site(self):
        self.refused(self.send(headers={'Origin': 'https://evil.test'}), 'origin')

    def test_sandboxed(self):
        self.refused(self.send(headers={'Origin': 'null'}), 'origin')

    def test_origins_that_are_none(self):
        own = self.base_url().partition('://')[2]
        for origin in ('http://[', f'http://{own}@evil.test', f'http://evil.test@{own}', f'http://{own}.evil.test',
                       own):
            with self.subTest(origin=origin):
                self.assertEqual(self.send(headers={'Origin': origin}).status_code, 400)
        self.assertFalse(self.made())
        self.assertEqual(self.refusals(), {'origin': 5})

    def test_captcha(self):
        """Odoo's own check decides, where a module configures one."""
        with patch.object(self.env.registry['ir.http'], '_verify_request_recaptcha_token',
                          side_effect=UserError("no")) as check:
            self.refused(self.send(), 'captcha')
        check.assert_called_once_with('helpdesk_form')

    def test_address_limit(self):
        for number in range(5):
            self.send(email='Carla@Acme.test' if number % 2 else f'carla+{number}@acme.test')
        page = self.send(email='carla@acme.test')
        self.assertEqual(page.status_code, 429)
        self.assertIn("Please try again in an hour", page.text)
        self.assertEqual(len(self.made()), 5)
        self.assertEqual(self.refusals(), {'address': 1})
        self.assertEqual(self.send(email='carla@\uff41cme.test').status_code, 429)  # the same domain
        self.assertIn('/thanks', self.send().url)  # others go on

    def test_naming_somebody_locks_nobody_out(self):
        """Who floods the form in another's name is refused where they are; the owner of the address is not, and what
        was sent in their name stays unconfirmed (A35)."""
        place = self.startPatcher(patch('odoo.addons.helpdesk_portal.tools.origins.network'))
        place.return_value = '192.0.2.0/24'
        for _number in range(6):
            page = self.send(email='carla@acme.test')
        self.assertEqual((page.status_code, self.refusals()), (429, {'address': 1}))
        place.return_value = '198.51.100.0/24'
        self.assertIn('/thanks', self.send(email='carla@acme.test').url)
        self.assertEqual(len(self.made()), 6)
        self.assertEqual(self.made().mapped('address_unconfirmed'), [True] * 6)
        place.return_value = ''  # behind a proxy that names nobody: the address alone
        for _number in range(6):
            page = self.send(email='carla@acme.test')
        self.assertEqual((page.status_code, self.refusals()), (429, {'address': 2}))

    def test_network_and_team_limit(self):
        set_param = self.env['ir.config_parameter'].set_param
        set_param('helpdesk_portal.form_limit_network', '2')
        for number in range(3):
            self.send(email=f'v{number}@visitor.test')
        self.assertEqual((len(self.made()), self.refusals()), (2, {'network': 1}))
        set_param('helpdesk_portal.form_limit_network', '100')
        set_param('helpdesk_portal.form_limit_team', '3')
        self.send(email='v4@visitor.test')
        self.assertEqual((len(self.made()), self.refusals()), (3, {'network': 1}))
        self.send(email='v5@visitor.test')
        self.assertEqual((len(self.made()), self.refusals()), (3, {'network': 1, 'team': 1}))

    def test_one_network_does_not_use_up_the_team(self):
        """What one visitor is refused for is not counted for everybody else."""
        set_param = self.env['ir.config_parameter'].set_param
        set_param('helpdesk_portal.form_limit_network', '2')
        set_param('helpdesk_portal.form_limit_team', '4')
        for number in range(6):
            self.send(email=f'v{number}@visitor.test')
        self.assertEqual((len(self.made()), self.refusals()), (2, {'network': 4}))
        set_param('helpdesk_portal.form_limit_network', '100')  # somebody from elsewhere
        self.assertIn('/thanks', self.send().url)
        self.assertEqual(len(self.made()), 3)

    def test_wrong_answers_do_not_count(self):
        for _number in range(7):
            self.assertEqual(self.send(name='').status_code, 422)
        self.assertIn('/thanks', self.send().url)

    def test_nobodys_address_is_kept(self):
        self.send()
        keys = self.env['helpdesk.form.limit'].search([]).mapped('key')
        self.assertFalse([key for key in keys if 'vera' in key or '127.0' in key])
        self.assertEqual({key.split(':')[0] for key in keys} & {'pass', 'address', 'network', 'team'},
                         {'pass', 'address', 'network', 'team'})

    def test_old_counts_go(self):
        limit = self.env['helpdesk.form.limit']
        limit._take({'team': 'x'}, {'team': 1}, since=self.env.cr.now().replace(year=2020))
        limit._take({'team': 'y'}, {'team': 1})
        limit._gc_limits()
        self.assertFalse(limit.search([('since', '<', '2021-01-01')]))
        self.assertTrue(limit.search([('key', '=like', 'team:%')]))

    def test_frames(self):
        """Only the sites that the team names may show the form, and no site where it names none."""
        for url in (self.url, '/helpdesk/repairs/new?embed=1'):
            headers = self.url_open(url).headers
            self.assertEqual((headers['X-Frame-Options'], headers['Content-Security-Policy']),
                             ('DENY', "frame-ancestors 'none'"))
        self.team.form_origins = "https://www.acme.test/\nhttps://shop.acme.test:8443"
        page = self.url_open(f'{self.url}?embed=1')
        self.assertEqual(page.headers['Content-Security-Policy'],
                         "frame-ancestors 'self' https://www.acme.test https://shop.acme.test:8443")
        self.assertNotIn('X-Frame-Options', page.headers)
        self.assertIn('data-parents="https://www.acme.test https://shop.acme.test:8443"', page.text)
        self.assertNotIn('id="top"', page.text)
        self.assertIn('src="' + self.team.form_url + '?embed=1"', self.team.form_embed)

    def test_embedded_without_cookies(self):
        """Inside another site the pass stands in for the session's token; where nobody may embed it does not."""
        url = f'{self.url}?embed=1&lang=en_US'
        sent = {**self.words, 'pass': self.form_pass()}
        self.opener.cookies.clear()
        self.assertEqual(self.url_open(url, data=sent).status_code, 400)
        self.team.form_origins = "https://www.acme.test"
        self.opener.cookies.clear()
        page = self.url_open(url, data=sent, headers={'Origin': self.base_url()})
        self.assertIn('/thanks', page.url)
        self.assertIn('embed=1', page.url)
        self.assertEqual(len(self.made()), 1)
        self.assertEqual(page.headers['Content-Security-Policy'], "frame-ancestors 'self' https://www.acme.test")


@tagged('post_install', '-at_install')
class TestHelpdeskFormWorkers(BaseCase):
    """Four workers at once, real transactions: committed, and cleaned up afterwards."""

    def setUp(self):
        super().setUp()
        self.registry = Registry(get_db_name())
        # real transactions, as outside of tests
        self.enterContext(patch('odoo.modules.module.current_test', False))
        self.enterContext(patch.object(Registry, '_lock', DummyRLock()))  # held by the thread that runs the tests
        self.addCleanup(self.clean)

    def clean(self):
        with self.registry.cursor() as cr:
            cr.execute("DELETE FROM helpdesk_form_limit WHERE key LIKE 'flood%'")

    @mute_logger('odoo.sql_db')
    def test_the_limit_holds(self):
        """Of 80 requests from one address, 5 pass, whoever of four workers gets them; a pass is taken once."""
        subject, barrier, passed, lock = str(uuid.uuid4()), threading.Barrier(WORKERS), [], threading.Lock()

        def work():
            with self.registry.cursor() as cr:
                limit = api.Environment(cr, SUPERUSER_ID, {})['helpdesk.form.limit']
                barrier.wait(30)
                for _number in range(20):
                    over = limit._take({'flood': subject, 'flood2': 'team' + subject}, {'flood': 5, 'flood2': 10 ** 6})
                    with lock:
                        passed.append(over)
                once = limit._take({'floodpass': subject}, {'floodpass': 1})
                with lock:
                    passed.append(('pass', once))

        threads = [threading.Thread(target=work) for _ in range(WORKERS)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(60)
        self.assertEqual(passed.count(False), 5)
        self.assertEqual(passed.count('flood'), 20 * WORKERS - 5)
        self.assertEqual(passed.count(('pass', False)), 1)
        with self.registry.cursor() as cr:
            cr.execute("SELECT max(count) FROM helpdesk_form_limit WHERE key LIKE 'flood:%'")
            self.assertEqual(cr.fetchone()[0], 20 * WORKERS)  # none was lost
            cr.execute("SELECT max(count) FROM helpdesk_form_limit WHERE key LIKE 'flood2:%'")
            self.assertEqual(cr.fetchone()[0], 5)  # what is refused counts for nobody else
