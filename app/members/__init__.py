"""Who may do what at a client: roles, invitations by mail, and taking a role away."""
