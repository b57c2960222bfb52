"""The ledger of what happened: record, judge, apply, send, feed."""
