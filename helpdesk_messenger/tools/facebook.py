"""The adapter of Facebook Messenger: see ``graph.py``."""
from functools import partial

from . import graph, wire

SERVICE = graph.Service(
    name="Facebook Messenger", kind='page', text_limit=2000, size=wire.units, profile=('name', 'first_name'),
    quotes=True,
    files={'image': (('image/jpeg', 'image/png', 'image/gif'), 8 * graph.MEGABYTE),
           'video': (('video/',), graph.FILE_LIMIT), 'audio': (('audio/',), graph.FILE_LIMIT),
           'file': (('',), graph.FILE_LIMIT)})

WINDOW = graph.WINDOW
TEXT_LIMIT = SERVICE.text_limit
FILE_LIMIT = graph.FILE_LIMIT

verify, handshake, window, fetch = graph.verify, graph.handshake, graph.window, graph.fetch
read = partial(graph.read, SERVICE)
send = partial(graph.send, SERVICE)
sent = partial(graph.sent, SERVICE)
check = partial(graph.check, SERVICE)
connect = partial(graph.connect, SERVICE)
profile = partial(graph.profile, SERVICE)
named = partial(graph.named, SERVICE)
