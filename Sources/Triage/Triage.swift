// The room of Triage; see ARCHITECTURE.md.
