package import Base
package import Ledger
package import Store

extension Transaction {
    /// Seals an event onto the chain; it becomes durable with the rest of the change (INV-6).
    @discardableResult
    package func record(_ event: Event) throws(StoreError) -> EventNumber {
        let head = try chainHead().map { ChainHead(number: $0.number, link: $0.link) } ?? .genesis
        let sealed = Chain.seal(event, after: head, salt: entropy.bytes(count: Chain.saltLength))
        try append(
            EventRow(
                number: sealed.number,
                at: sealed.at,
                kind: sealed.kind.rawValue,
                subject: event.subject.text,
                commitment: sealed.commitment,
                link: sealed.link,
                salt: sealed.salt,
                payload: sealed.payload
            )
        )
        return sealed.number
    }
}

extension EventRow {
    /// The event itself; nil where its payload was erased or a newer binary wrote it.
    package var event: Event? {
        guard let kind = EventKind(rawValue: kind), let payload else { return nil }
        return EventCoding.event(kind: kind, at: at, payload: payload)
    }
}
