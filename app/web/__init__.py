"""What every page needs and no business: views, templates, forms, security, static files."""
