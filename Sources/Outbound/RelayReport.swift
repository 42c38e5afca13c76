package import Base
package import Store

/// What the smarthost answered for some recipients of one message, final for each of them.
package struct RelayReport: Sendable {
    package struct Answer: Hashable, Sendable {
        package let address: String
        /// The smarthost's reply as text, or why we gave up.
        package let reply: String

        package init(address: String, reply: String) {
            self.address = address
            self.reply = reply
        }
    }

    package let outbound: OutboundID
    package let revision: Int
    package let relayed: [Answer]
    package let failed: [Answer]
    /// Whether no recipient waits any more.
    package let isFinished: Bool
    /// The bytes that were sent.
    package let transmitForm: StoredBody

    package init(
        outbound: OutboundID,
        revision: Int,
        relayed: [Answer],
        failed: [Answer],
        isFinished: Bool,
        transmitForm: StoredBody
    ) {
        self.outbound = outbound
        self.revision = revision
        self.relayed = relayed
        self.failed = failed
        self.isFinished = isFinished
        self.transmitForm = transmitForm
    }
}

/// Turns the relay's reports into events, in the transaction that commits the recipients' states.
package protocol RelayRecorder: Sendable {
    func record(_ report: RelayReport, _ transaction: Transaction) throws(StoreError)
}
