"""Commands that look: what runs, what comes next, what was done. None changes a cluster."""
