package import Base
package import SMTPWire
package import Store

/// What became of some recipients of one message.
package struct RelayReport: Sendable {
    package struct Answer: Hashable, Sendable {
        package let address: String
        package let parameters: RecipientParameters
        package let isBcc: Bool
        /// What the smarthost or the relay said, as text.
        package let reply: String
        package let status: EnhancedStatus
        /// The smarthost's own words, where it said any.
        package let diagnostic: String?

        package init(
            address: String,
            parameters: RecipientParameters = RecipientParameters(),
            isBcc: Bool = false,
            reply: String,
            status: EnhancedStatus,
            diagnostic: String? = nil
        ) {
            self.address = address
            self.parameters = parameters
            self.isBcc = isBcc
            self.reply = reply
            self.status = status
            self.diagnostic = diagnostic
        }
    }

    package let outbound: OutboundID
    package let revision: Int
    /// The smarthost took it for these.
    package var relayed: [Answer] = []
    /// These never get it.
    package var failed: [Answer] = []
    /// These have waited long, and are tried on.
    package var delayed: [Answer] = []
    /// These wait until somebody says otherwise, since what is stored is not what was released.
    package var parked: [Answer] = []
    /// Whether no recipient waits any more.
    package var isFinished = false
    /// The bytes that were sent, where some recipient has them.
    package var transmitForm: StoredBody?
    /// What a delivery report returns of the message; empty where it cannot be read.
    package var returned = ReturnedMessage()
    package var smarthost: String
    /// Whether the smarthost takes over the wish for reports (RFC 3461).
    package var passesReports = false
    package var lastAttempt: Timestamp?
    package let releasedAt: Timestamp

    package init(outbound: OutboundID, revision: Int, smarthost: String, releasedAt: Timestamp) {
        self.outbound = outbound
        self.revision = revision
        self.smarthost = smarthost
        self.releasedAt = releasedAt
    }
}

/// A message as a delivery report returns it (RFC 3461 §4.3).
package struct ReturnedMessage: Hashable, Sendable {
    package var bytes: [UInt8] = []
    /// Whether the author asked for all of it, and it is not too large.
    package var isWhole = false

    package init() {}

    /// The header is enough unless all was asked for: the author has the text.
    init(_ message: [UInt8], _ parameters: MailParameters) {
        isWhole = parameters.ret == .full && message.count <= Limits.returnedMessage
        bytes = isWhole ? message : Array(message[..<Self.endOfHeader(message)])
    }

    private static func endOfHeader(_ message: [UInt8]) -> Int {
        var start = 0
        while let end = message.span.firstIndex(of: ASCII.lf, from: start) {
            if end - start <= 1 { return end + 1 }
            start = end + 1
        }
        return message.count
    }
}

/// Turns the relay's reports into events, in the transaction that commits the recipients' states.
package protocol RelayRecorder: Sendable {
    func record(_ report: RelayReport, _ transaction: Transaction) throws(StoreError)
}
