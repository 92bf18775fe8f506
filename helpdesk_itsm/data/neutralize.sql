-- links that were sent from the original database decide nothing in a copy
UPDATE helpdesk_approval SET key = NULL;
