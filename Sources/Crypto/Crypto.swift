// The room of Crypto; see ARCHITECTURE.md.
