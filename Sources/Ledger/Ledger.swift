// The room of Ledger; see ARCHITECTURE.md.
