"""How the stage ``turns`` reads a document: its layout, its people, its labels and its reporting clauses."""
