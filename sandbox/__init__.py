"""Runs one function behind walls, in a process of its own. Knows no Django, no database and no chapter.

Three processes take part. The *parent* (a worker) asks for a job and listens. The *zygote* has the heavy
libraries imported and forks. The *child* puts up its walls, calls the function, and tells what happens,
one JSON line at a time, down a pipe:

    parent.run(job)  --socket-->  zygote  --fork-->  child: walls, then function(tell, **kwargs)
          ^                                                |
          +------------------ pipe of lines ---------------+

A job is named by a dotted path and gets values that fit into JSON, so nothing is ever unpickled. The child
may write only into its own directory, read only what it needs to compute, and reach no network and no other
process. What each wall is, and where it does not exist, stands in `sandbox.walls`.
"""
