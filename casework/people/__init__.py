"""Who somebody of a record is: under which row they go on, and which children have to be told of."""
