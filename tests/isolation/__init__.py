"""Nothing of one account, and nothing of another branch, shows in any byte that somebody gets."""
