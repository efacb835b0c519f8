"""What a department does. The function decides which department module of a questionnaire its people are asked."""

FUNCTIONS = {
    "legal": "Legal",
    "hr": "HR",
    "finance": "Finance",
    "operations": "Operations",
    "it": "IT",
    "customer_service": "Customer service",
    "sales": "Sales",
    "procurement": "Procurement",
    "other": "Other",
}

# Other words that clients' lists use for the same thing.
SYNONYMS = {
    "human resources": "hr",
    "people": "hr",
    "personnel": "hr",
    "accounting": "finance",
    "information technology": "it",
    "customer support": "customer_service",
    "purchasing": "procurement",
}
