// The room of Policy; see ARCHITECTURE.md.
