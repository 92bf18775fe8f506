-- a copy of the database writes to nobody, and holds no keys
UPDATE helpdesk_channel SET state = 'off', secrets = NULL, address_token = NULL;
UPDATE helpdesk_channel_message
   SET state = 'failed', next_at = NULL, reason = 'This is a copy: the original sends it.'
 WHERE state = 'queued';
UPDATE helpdesk_channel_file
   SET state = 'failed', next_at = NULL, reason = 'This is a copy: the original fetches it.'
 WHERE state = 'waiting';
