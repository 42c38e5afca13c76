// The room of Views; see ARCHITECTURE.md.
