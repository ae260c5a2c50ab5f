"""Work for later: enqueued in the caller's transaction, done by a worker, at least once.

What a handler writes to the database happens exactly once: it is committed together with the job's end.
"""
