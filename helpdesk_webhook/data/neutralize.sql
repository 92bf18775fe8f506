-- a copy of the database tells nobody, also when a webhook is switched on in it
-- nor does it hold what it could tell receivers of the original with: secrets, and addresses of chats, which are secrets
UPDATE helpdesk_webhook
   SET active = FALSE, url = 'https://copy.invalid/', old_secret = NULL, old_secret_until = NULL, secret_shown = FALSE,
       secret = 'whsec_' || encode(decode(md5(random()::text || id) || md5(random()::text || id), 'hex'), 'base64');
UPDATE helpdesk_webhook_delivery
   SET state = 'failed', next_at = NULL, error = 'This is a copy: the original sends it.'
 WHERE state = 'waiting';
