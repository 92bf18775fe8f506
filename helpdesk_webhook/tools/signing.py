"""Signatures of the Standard Webhooks specification, version 1 (symmetric).

Source: https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md. What is signed is
``<webhook-id>.<webhook-timestamp>.<body>`` with HMAC-SHA256; the secret is ``whsec_`` and base64 of 24 to 64 bytes; the
header holds one ``v1,<base64>`` for each valid secret, with spaces between, so that secrets can be changed at leisure.
"""
import base64
import hashlib
import hmac
import secrets

PREFIX = 'whsec_'


def new_secret():
    """Return a fresh secret (text)."""
    return PREFIX + base64.b64encode(secrets.token_bytes(32)).decode()


def new_id():
    """Return what a receiver knows an event by, however often it comes."""
    return 'msg_' + secrets.token_urlsafe(18)


def signature(secret, message_id, timestamp, body):
    """Return ``v1,<base64>`` for ``body`` (bytes) sent at ``timestamp`` (whole seconds since 1970)."""
    key = base64.b64decode(secret.removeprefix(PREFIX))
    signed = f'{message_id}.{timestamp}.'.encode() + body
    return 'v1,' + base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()


def headers(keys, message_id, timestamp, body):
    """Return the three headers (dict) of a body signed with each of the secrets ``keys``."""
    return {
        'webhook-id': message_id, 'webhook-timestamp': str(timestamp),
        'webhook-signature': ' '.join(signature(key, message_id, timestamp, body) for key in keys)}
