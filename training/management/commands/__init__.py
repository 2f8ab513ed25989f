"""`manage.py work`, and the cluster that it starts."""
