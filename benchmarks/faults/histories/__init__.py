"""No false green: every short history of two people and two tubes, judged twice and compared."""
