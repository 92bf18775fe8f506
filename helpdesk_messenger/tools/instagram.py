"""The adapter of Instagram messages, for an account that is linked to a Facebook page: see ``graph.py``."""
from functools import partial

from . import graph, wire

SERVICE = graph.Service(
    name="Instagram", kind='instagram', text_limit=1000, size=wire.octets, profile=('name', 'username'),
    platform='instagram',
    files={'image': (('image/jpeg', 'image/png', 'image/gif'), 8 * graph.MEGABYTE),
           'video': (('video/mp4', 'video/ogg', 'video/x-msvideo', 'video/quicktime', 'video/webm'), graph.FILE_LIMIT),
           'audio': (('audio/aac', 'audio/mp4', 'audio/x-m4a', 'audio/wav', 'audio/x-wav'), graph.FILE_LIMIT),
           'file': (('application/pdf',), graph.FILE_LIMIT)})

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
