"""How: the queue of runs, their leases and the supervision of one run."""
