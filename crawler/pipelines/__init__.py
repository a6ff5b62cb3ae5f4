"""What happens to each parsed page on its way to the sink: one class, one job each."""
