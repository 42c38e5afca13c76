package import Base

/// An event as the store keeps it: sealed by the ledger, opaque here (INV-6).
package struct EventRow: Hashable, Sendable {
    package let number: EventNumber
    package let at: Timestamp
    package let kind: String
    /// What it is about: `outbound:7`, `conversation:12`, `creator:mia`.
    package let subject: String
    package let commitment: [UInt8]
    /// The chain's link up to this event.
    package let link: [UInt8]
    /// Nil once the person it tells of was erased.
    package let salt: [UInt8]?
    package let payload: [UInt8]?

    package init(
        number: EventNumber,
        at: Timestamp,
        kind: String,
        subject: String,
        commitment: [UInt8],
        link: [UInt8],
        salt: [UInt8]?,
        payload: [UInt8]?
    ) {
        self.number = number
        self.at = at
        self.kind = kind
        self.subject = subject
        self.commitment = commitment
        self.link = link
        self.salt = salt
        self.payload = payload
    }
}

/// The end of the chain: one row, updated with the events.
package struct LedgerHead: Hashable, Sendable {
    package let number: EventNumber
    package let link: [UInt8]

    package init(number: EventNumber, link: [UInt8]) {
        self.number = number
        self.link = link
    }
}

/// An accepted configuration.
package struct ConfigurationRow: Hashable, Sendable {
    /// The hash of the text, as events name it.
    package let hash: String
    package let text: [UInt8]
    package let acceptedAt: Timestamp
}

/// Work that a change left for later, to be done in slices between clients' changes.
package struct WorkItemRow: Hashable, Sendable {
    package let id: Int64
    package let kind: String
    /// What it is about; one item per kind and subject.
    package let subject: String
    package let arguments: [UInt8]
    /// How far it has come, in the worker's own encoding.
    package let progress: [UInt8]
    package let dueAt: Timestamp
}
