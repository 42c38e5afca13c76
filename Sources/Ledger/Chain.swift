package import Base
internal import Crypto

/// An event sealed into the chain.
///
/// The chain runs over the commitment alone, so that salt and payload can be destroyed on request
/// and the chain still verifies (INV-6).
package struct SealedEvent: Hashable, Sendable {
    package let number: EventNumber
    package let at: Timestamp
    package let kind: EventKind
    /// SHA-256 of salt and payload.
    package let commitment: [UInt8]
    /// SHA-256 over the link before it and all of the above.
    package let link: [UInt8]
    /// Gone when the person it tells of was erased.
    package let salt: [UInt8]?
    package let payload: [UInt8]?

    package init(
        number: EventNumber,
        at: Timestamp,
        kind: EventKind,
        commitment: [UInt8],
        link: [UInt8],
        salt: [UInt8]?,
        payload: [UInt8]?
    ) {
        self.number = number
        self.at = at
        self.kind = kind
        self.commitment = commitment
        self.link = link
        self.salt = salt
        self.payload = payload
    }

    /// The event itself; nil where its payload was erased or cannot be read.
    package var event: Event? {
        guard let payload else { return nil }
        return EventCoding.event(kind: kind, at: at, payload: payload)
    }
}

/// The end of the chain: one row in the store, and a line in a file outside of it.
package struct ChainHead: Hashable, Sendable {
    package let number: EventNumber
    package let link: [UInt8]

    package init(number: EventNumber, link: [UInt8]) {
        self.number = number
        self.link = link
    }

    /// Before the first event.
    package static let genesis = Self(number: EventNumber(rawValue: 0), link: [UInt8](repeating: 0, count: 32))
}

/// Sealing and verifying.
package enum Chain {
    /// Octets of salt behind each commitment.
    package static let saltLength = 16

    package static func seal(_ event: Event, after head: ChainHead, salt: [UInt8]) -> SealedEvent {
        let payload = EventCoding.payload(of: event)
        let commitment = commitment(salt: salt, payload: payload)
        let number = EventNumber(rawValue: head.number.rawValue + 1)
        return SealedEvent(
            number: number,
            at: event.at,
            kind: event.kind,
            commitment: commitment,
            link: link(
                after: head.link,
                number: number,
                at: event.at,
                kind: event.kind.rawValue,
                commitment: commitment
            ),
            salt: salt,
            payload: payload
        )
    }

    static func commitment(salt: [UInt8], payload: [UInt8]) -> [UInt8] {
        SHA256.hash(salt + payload)
    }

    static func link(
        after previous: [UInt8],
        number: EventNumber,
        at: Timestamp,
        kind: String,
        commitment: [UInt8]
    ) -> [UInt8] {
        let text = "\(number.rawValue) \(at.milliseconds) \(kind)\n"
        return SHA256.hash(previous + Array(text.utf8) + commitment)
    }
}

/// What is wrong with a chain.
package enum ChainFault: Hashable, Sendable, CustomStringConvertible {
    /// A number is missing, doubled or out of order.
    case outOfOrder(expected: EventNumber, found: EventNumber)
    /// The event or one before it was altered.
    case brokenLink(EventNumber)
    /// The payload is not what was committed to.
    case alteredPayload(EventNumber)
    /// The chain ends before the head that is recorded elsewhere.
    case cut(recorded: EventNumber, found: EventNumber)
    /// The event that a recorded head names has another link.
    case rewritten(EventNumber)

    package var description: String {
        switch self {
        case .outOfOrder(let expected, let found): "event \(expected) expected, event \(found) found"
        case .brokenLink(let number): "event \(number): the chain is broken here"
        case .alteredPayload(let number): "event \(number): the payload was altered"
        case .cut(let recorded, let found): "the chain ends at event \(found), but event \(recorded) was recorded"
        case .rewritten(let number): "event \(number) is not the one that was recorded"
        }
    }
}

/// Checks a chain, event by event, in order; holds nothing but the last link.
package struct ChainVerifier {
    private var head = ChainHead.genesis
    private let recorded: [ChainHead]
    private var seen = Set<EventNumber>()
    package private(set) var faults: [ChainFault] = []
    /// Events whose payload was erased.
    package private(set) var erased = 0

    /// - Parameter recorded: Heads known from elsewhere: the store's own row, lines of a head file.
    package init(recorded: [ChainHead]) {
        self.recorded = recorded
    }

    /// Takes the next event; its kind as text, so that an unknown one is no reason to stop.
    package mutating func take(
        number: EventNumber,
        at: Timestamp,
        kind: String,
        commitment: [UInt8],
        link: [UInt8],
        salt: [UInt8]?,
        payload: [UInt8]?
    ) {
        let expected = EventNumber(rawValue: head.number.rawValue + 1)
        if number != expected { faults.append(.outOfOrder(expected: expected, found: number)) }
        if Chain.link(after: head.link, number: number, at: at, kind: kind, commitment: commitment) != link {
            faults.append(.brokenLink(number))
        }
        if let salt, let payload {
            if Chain.commitment(salt: salt, payload: payload) != commitment { faults.append(.alteredPayload(number)) }
        } else {
            erased += 1
        }
        for known in recorded where known.number == number {
            seen.insert(number)
            if known.link != link { faults.append(.rewritten(number)) }
        }
        head = ChainHead(number: number, link: link)
    }

    /// Ends the check and gives the head that was found.
    package mutating func finish() -> ChainHead {
        for known in recorded where known.number > head.number {
            faults.append(.cut(recorded: known.number, found: head.number))
        }
        return head
    }
}
