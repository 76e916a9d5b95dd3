"""Claims: what was not right with what somebody took home, who answers, and where it went wrong."""
