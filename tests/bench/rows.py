"""The rows of the table: what is done, by whom, and what is to be reached."""
from collections.abc import Callable
from dataclasses import dataclass

import mail_work
import routing_work
import work

SMALL, LARGE = 'small', 'large'     # the smallest and the largest size of the run


@dataclass(frozen=True)
class Row:
    """One kind of work.

    :param subjects: keys of the models that do it
    :param task: at most this × the task's time, ``task_size`` saying of which size
    :param growth: at the large size at most this × of our own time at the small one
    :param below: at the large size at most this many ms
    :param over: at most this × the time of another row, both of ours at the large size
    :param adds: less than this many ms more than another row, both of ours at the large size
    :param prepare: called with the desk in the same transaction, before the clock starts
    """
    name: str
    work: Callable
    subjects: tuple = ('floor', 'task', 'ours')
    task: float | None = None
    task_size: str = LARGE
    growth: float | None = None
    below: float | None = None
    mail: bool = False
    over: tuple | None = None           # (factor, name of another row of ours): at most so many times its time
    adds: tuple | None = None           # (ms, name of another row of ours)
    prepare: Callable | None = None

    def applies(self, place):
        """Whether the work is done at ``place``: mails only where there is an address."""
        return place.subject.key in self.subjects and (place.has_address or not self.mail)

    def verdict(self, results, small, large):
        """(text of the target, list of what was missed: empty when it is reached, None when nothing was measured)."""
        ours, targets, missed = results.median(self.name, 'ours', large), [], []
        checks = [
            (self.task, f'≤ {self.task} × task' + (' (small)' if self.task_size == SMALL else ''),
             results.median(self.name, 'task', small if self.task_size == SMALL else large)),
            (self.growth, f'large ≤ {self.growth} × small', results.median(self.name, 'ours', small)),
            (self.below, f'< {self.below} ms', 1.0),
        ]
        if self.over:
            factor, other = self.over
            checks.append((factor, f'≤ {factor} × “{other}”', results.median(other, 'ours', large)))
        for factor, text, base in checks:
            if factor is not None:
                targets.append(text)
                if ours is not None and base is not None and ours > factor * base:
                    missed.append(f'{ours:.1f} > {factor * base:.1f} ms')
        if self.adds:
            more, other = self.adds
            targets.append(f'< “{other}” + {more} ms')
            base = results.median(other, 'ours', large)
            if ours is not None and base is not None and ours >= base + more:
                missed.append(f'adds {ours - base:.1f} ms')
        return ', '.join(targets), missed if targets and ours is not None else None


def all_rows():
    """The rows, in the order of the table."""
    return [
        Row('create one', work.create_one, task=1.0, over=(1.35, 'create one, no SLA')),
        Row('create one, no SLA', work.create_bare, subjects=('ours',)),
        Row('create 100, each', work.create_many, task=1.0, over=(1.35, 'create 100, no SLA')),
        Row('create 100, no SLA', work.create_many_bare, subjects=('ours',)),
        Row('move 100, each', work.move_many, task=1.2),
        Row('mail → record', mail_work.new_mail, task=0.75, mail=True),
        Row('mail → record, 200 routing rules, none fires', routing_work.none_fires, subjects=('ours',), mail=True,
            adds=(10, 'mail → record')),
        Row('mail → record, 200 routing rules, the last fires', routing_work.last_fires, subjects=('ours',), mail=True,
            adds=(10, 'mail → record')),
        Row('reply by mail', mail_work.reply, task=0.7, mail=True),
        Row('belonging decision', mail_work.decision, subjects=('ours',), below=1),
        Row('list, 80 open', work.list_open, task=0.4, task_size=SMALL, growth=1.2),
        Row('list, 80 of all', work.list_all, task=0.4, task_size=SMALL, growth=1.2),
        Row('kanban by stage', work.kanban, task=0.4, task_size=SMALL, growth=1.5),
        Row('form', work.form, task=0.8, task_size=SMALL, growth=1.2),
        Row('form and talk, 500 messages', work.open_thread, prepare=work.long_thread, task=1.3, growth=1.2),
        Row('customer beside the form', work.card, subjects=('ours',), growth=1.2),
        Row('search by a word', work.search_word, below=60),
        Row('search by a rare word', work.search_rare, below=60),
        Row('pivot team × month', work.pivot, below=150),
        Row('SLA tick, none due', work.tick, subjects=('ours',), below=10, growth=1.5),
        Row('periodic check, none due', work.periodic, subjects=('task', 'ours'), below=10, growth=1.5),
        Row('counter on a contact', work.partner, subjects=('task', 'ours'), task=0.8, task_size=SMALL),
    ]
