// The room of Reactor; see ARCHITECTURE.md.
