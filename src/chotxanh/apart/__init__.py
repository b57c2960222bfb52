"""What strangers send is opened in a process of its own, one at a time on the whole machine."""
