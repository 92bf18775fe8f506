"""Many senders at once, each as stubborn as a mail server: what got no 250 is tried again."""
import smtplib
import threading
import time

from . import mails

PAUSE = 0.3


class Crowd:
    """``senders`` threads that bring ``each`` mails, one after the other, half of them over LMTP.

    ``pause``: seconds between two mails of one sender. Subjects are unique, so that a mail can be told from another
    that has no Message-Id.
    """

    def __init__(self, site, senders, each, label='Mail', seconds=90, ids=True, pause=0):
        self.site = site
        self.ids, self.pause = ids, pause
        self.end = time.monotonic() + seconds
        self.accepted = {}
        self.answers = []
        self.tries = 0
        self.lock = threading.Lock()
        self.wanted = [(sender, f'{label} {sender:02}-{number:02}')
                       for sender in range(senders) for number in range(each)]
        self.threads = [threading.Thread(target=self._send_all, args=(sender,), daemon=True)
                        for sender in range(senders)]

    @staticmethod
    def address(sender):
        """The address of a sender."""
        return f'person{sender}@crowd.test'

    def mail(self, sender, subject):
        """The bytes of a mail: the same at each try. Every second sender's program writes no Message-Id."""
        own = None if not self.ids and sender % 2 else f'<{subject.replace(" ", "-")}@crowd.test>'
        return mails.compose(
            subject, f'Words of {subject}.\n', sender=f'Person {sender} <{self.address(sender)}>',
            Message_ID=own, Date=mails.DATE)

    @property
    def subjects(self):
        """The subjects of all mails."""
        return [subject for _sender, subject in self.wanted]

    def start(self):
        """Let them all go."""
        for thread in self.threads:
            thread.start()
        return self

    def wait(self):
        """Wait until everybody got a 250 for everything, or gave up."""
        for thread in self.threads:
            thread.join(max(1, self.end + 40 - time.monotonic()))
        missing = [subject for subject in self.subjects if subject not in self.accepted]
        assert not missing, f'{len(missing)} mails were never accepted, as {missing[:3]}; answers: {self.answers[-5:]}'

    def _send_all(self, sender):
        client = None
        for subject in (subject for number, subject in self.wanted if number == sender):
            while subject not in self.accepted and time.monotonic() < self.end:
                client = self._try(client, sender, subject)
            time.sleep(self.pause)
        self._drop(client)

    def _try(self, client, sender, subject):
        """Bring one mail, over the open connection if there is one; return the connection if it is still good."""
        with self.lock:
            self.tries += 1
        try:
            client = client or (self.site.lmtp_client() if sender % 2 else self.site.smtp_client())
            client.sendmail(self.address(sender), ['support@desk.test'], self.mail(sender, subject))
        except (OSError, smtplib.SMTPException) as error:  # the process is gone, or it said "later"
            with self.lock:
                self.answers.append(repr(error)[:200])
            self._drop(client)
            time.sleep(PAUSE)
            return None
        with self.lock:
            self.accepted[subject] = time.monotonic()
        return client

    @staticmethod
    def _drop(client):
        if client:
            client.close()
