"""Many mails in one run of one process: what the slowest take, and whether memory stays (threats F12)."""
import gc
import os
import statistics
import time
from pathlib import Path

import mail_work

MAILS, QUICK_MAILS = 2000, 60
PEOPLE = 200        # who write; each known customer several times
P95_BELOW = 1000    # ms
GROWTH_BELOW = 60   # MB between the first tenth and the end
PAGE = os.sysconf('SC_PAGE_SIZE')


def memory():
    """Resident memory of this process in MB."""
    gc.collect()
    return int(Path('/proc/self/statm').read_text().split()[1]) * PAGE / (1 << 20)


def run(place, count):
    """Take in ``count`` mails at ``place``, each committed; return the sentence that tells it."""
    seconds, early = [], 0
    for number in range(count):
        with place.transaction(user=1) as env:
            begun = time.perf_counter()
            mail_work.process_raw(env, mail_work.strangers_mail(place.subject, number, number % PEOPLE))
            env.cr.commit()
            seconds.append(time.perf_counter() - begun)
        if number == count // 10:
            early = memory()
    grown = memory() - early
    cuts = statistics.quantiles(seconds, n=100)
    middle, late = statistics.median(seconds) * 1000, cuts[94] * 1000
    good = late < P95_BELOW and grown < GROWTH_BELOW
    return (f'{count:,} mails in one run: {middle:.0f} ms each in the middle, {late:.0f} ms at the 95th percentile, '
            f'{max(seconds) * 1000:.0f} ms the slowest; memory {early:.0f} MB after a tenth, {grown:+.0f} MB later '
            f'(target: p95 < {P95_BELOW} ms, memory + < {GROWTH_BELOW} MB): {"ok" if good else "MISS"}')
