"""The office: where a lead decides what no machine may decide."""
