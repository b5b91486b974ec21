"""Getting facts in and keeping them: sources, the warehouse, its SQL, and the published snapshot."""
