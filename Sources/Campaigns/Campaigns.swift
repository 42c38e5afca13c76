// The room of Campaigns; see ARCHITECTURE.md.
