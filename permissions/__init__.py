"""Who may do what: vocabulary, matrix, decision, identity and lock."""
