"""What choice columns offer: ids of texts in `texts/choices.toml`."""

FOLLOW_UP_KINDS = ("visit", "call", "message", "return_visit", "complaint", "order", "note")
CUSTOMER_STATUSES = ("target", "no_intent", "unsorted")
CONSENT_PURPOSES = ("contact", "marketing", "survey", "data_sharing", "erasure")
"""What a customer agrees to; `erasure` is the customer's request to be forgotten."""
PLAYBOOK_CONDITIONS = ("grade", "size", "state", "status", "stage", "warning")
"""What a rule of the playbook looks at."""
YES_NO = ("yes", "no")
MERGE_DECISIONS = ("merge_into_a", "merge_into_b", "different")
"""What a person decides about two customers that may be one."""
