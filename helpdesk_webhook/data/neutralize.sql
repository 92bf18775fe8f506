-- a copy of the database tells nobody, also when a webhook is switched on in it
UPDATE helpdesk_webhook SET active = FALSE;
UPDATE helpdesk_webhook_delivery
   SET state = 'failed', next_at = NULL, error = 'This is a copy: the original sends it.'
 WHERE state = 'waiting';
