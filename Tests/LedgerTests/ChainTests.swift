import Base
import Campaigns
import TestSupport
import Testing

@testable import Ledger

@Suite("The chain (INV-6)")
struct ChainTests {
    static func events(_ count: Int) -> [SealedEvent] {
        var head = ChainHead.genesis
        return (0..<count).map { index in
            let event = Event(
                .approved,
                .outbound(OutboundID(rawValue: Int64(index))),
                by: .member("ben", device: "laptop"),
                at: Timestamp(seconds: Int64(index)),
                policyVersion: "abc",
                fields: ["why": "fine", "n": "\(index)"]
            )
            let sealed = Chain.seal(event, after: head, salt: [UInt8](repeating: UInt8(index), count: Chain.saltLength))
            head = ChainHead(number: sealed.number, link: sealed.link)
            return sealed
        }
    }

    static func faults(_ events: [SealedEvent], recorded: [ChainHead] = []) -> [ChainFault] {
        var verifier = ChainVerifier(recorded: recorded)
        for event in events {
            verifier.take(
                number: event.number,
                at: event.at,
                kind: event.kind.rawValue,
                commitment: event.commitment,
                link: event.link,
                salt: event.salt,
                payload: event.payload
            )
        }
        _ = verifier.finish()
        return verifier.faults
    }

    static func altered(_ event: SealedEvent, payload: [UInt8]?, at: Timestamp? = nil) -> SealedEvent {
        SealedEvent(
            number: event.number,
            at: at ?? event.at,
            kind: event.kind,
            commitment: event.commitment,
            link: event.link,
            salt: payload == nil ? nil : event.salt,
            payload: payload
        )
    }

    @Test("An untouched chain verifies")
    func whole() {
        let events = Self.events(5)
        #expect(Self.faults(events).isEmpty)
        #expect(events[2].event?.fields["n"] == "2")
        #expect(events[2].event?.subject == .outbound(OutboundID(rawValue: 2)))
    }

    @Test("INV-6: an altered payload is found")
    func alteredPayload() {
        var events = Self.events(5)
        events[3] = Self.altered(events[3], payload: Array("5:other".utf8))
        #expect(Self.faults(events) == [.alteredPayload(EventNumber(rawValue: 4))])
    }

    @Test("INV-6: an altered time is found")
    func alteredTime() {
        var events = Self.events(5)
        events[3] = Self.altered(events[3], payload: events[3].payload, at: Timestamp(seconds: 99))
        #expect(Self.faults(events) == [.brokenLink(EventNumber(rawValue: 4))])
    }

    @Test("INV-6: a missing event is found")
    func missing() {
        var events = Self.events(5)
        events.remove(at: 2)
        #expect(
            Self.faults(events).first
                == .outOfOrder(expected: EventNumber(rawValue: 3), found: EventNumber(rawValue: 4))
        )
    }

    @Test("INV-6: a cut tail is found by a head recorded elsewhere")
    func cut() {
        let events = Self.events(5)
        let recorded = ChainHead(number: events[4].number, link: events[4].link)
        #expect(
            Self.faults(Array(events.prefix(3)), recorded: [recorded]) == [
                .cut(recorded: EventNumber(rawValue: 5), found: EventNumber(rawValue: 3))
            ]
        )
    }

    @Test("INV-6: a chain rewritten from some event on is found by a recorded head")
    func rewritten() {
        let recorded = ChainHead(number: EventNumber(rawValue: 3), link: [UInt8](repeating: 7, count: 32))
        #expect(Self.faults(Self.events(5), recorded: [recorded]) == [.rewritten(EventNumber(rawValue: 3))])
    }

    @Test("INV-6, D21: an erased payload leaves a chain that verifies")
    func erased() {
        var events = Self.events(5)
        events[1] = Self.altered(events[1], payload: nil)
        #expect(Self.faults(events).isEmpty)
        #expect(events[1].event == nil)
    }

    @Test("Encodings are read back, and broken ones are refused, not crashed on")
    func coding() {
        let fields = ["a": "", "b:": "1:2", "ü": "\r\n\0"]
        #expect(EventCoding.decode(EventCoding.encode(fields)) == fields)
        #expect(EventCoding.list(from: EventCoding.list(["", "x", "3:y"])) == ["", "x", "3:y"])
        let bytes = EventCoding.encode(fields)
        for length in 1..<bytes.count { _ = EventCoding.decode(Array(bytes.prefix(length))) }
        #expect(EventCoding.decode(Array("99999999999999999999:a".utf8)) == nil)
        #expect(EventCoding.decode(Array("5:ab".utf8)) == nil)
    }
}
