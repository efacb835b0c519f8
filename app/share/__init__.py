"""Results that were shared with the client: its sponsors see them whole, department leads their own department."""
