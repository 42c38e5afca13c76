// The room of SASL; see ARCHITECTURE.md.
