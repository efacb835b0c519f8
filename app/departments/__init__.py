"""Changes of a client's departments on a day, their lineage as a drawing, and their list as a file."""
