"""Who: people, workspaces, roles, tokens and limits."""
