package import SMTPWire
package import Store
internal import Synchronization

/// What the smarthost offered when it was last heard, for those who ask often: every MAIL does.
///
/// The store keeps it as well, so that a restart forgets nothing.
package final class KnownSmarthost: Sendable {
    private let offered = Mutex<SMTPCapabilities?>(nil)

    package init() {}

    /// Nil until it has answered EHLO once; then nothing can be said of what it can carry.
    package var capabilities: SMTPCapabilities? { offered.withLock { $0 } }

    package func learn(_ capabilities: SMTPCapabilities) { offered.withLock { $0 = capabilities } }

    /// Takes up what the store remembers of a smarthost.
    package func recall(_ host: String, from transaction: ReadTransaction) throws(StoreError) {
        guard let text = try transaction.smarthost(host)?.capabilities else { return }
        learn(SMTPCapabilities(text: text))
    }
}
