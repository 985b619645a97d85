"""Room for the benchmark bot, which leases jobs and hands back signed runs."""
