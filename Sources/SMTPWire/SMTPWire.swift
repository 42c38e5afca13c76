// The room of SMTPWire; see ARCHITECTURE.md.
