// The room of Flow; see ARCHITECTURE.md.
