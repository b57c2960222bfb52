"""The doctors' page: what stands for a person, shown by the cases that both languages of the rules are held to."""
