"""后台 Workers: thin jobs around services, and the seeing."""
