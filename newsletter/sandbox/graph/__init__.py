"""The Graph simulator: real HTTP in its own process, with posts, tokens and faults that outlive a kill."""
