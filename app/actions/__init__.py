"""The action plan: what each department has taken on, who does it by when, what shows it, and how it stands."""
