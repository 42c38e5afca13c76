package import Base

/// The one encoding of events: fields sorted by name, every string with its length before it, so
/// that no two events share an encoding.
package enum EventCoding {
    /// The payload: all of the event but kind and time, which stand open in the chain.
    package static func payload(of event: Event) -> [UInt8] {
        var fields = event.fields
        fields["@subject"] = event.subject.text
        fields["@actor"] = event.actor.text
        fields["@policy"] = event.policyVersion
        return encode(fields)
    }

    /// The event of a payload; nil where the payload is not one.
    package static func event(kind: EventKind, at: Timestamp, payload: [UInt8]) -> Event? {
        guard var fields = decode(payload),
            let subjectText = fields.removeValue(forKey: "@subject"),
            let subject = EventSubject(text: subjectText),
            let actor = fields.removeValue(forKey: "@actor"),
            let policy = fields.removeValue(forKey: "@policy")
        else { return nil }
        return Event(kind, subject, by: Actor(text: actor), at: at, policyVersion: policy, fields: fields)
    }

    package static func encode(_ fields: [String: String]) -> [UInt8] {
        var result: [UInt8] = []
        for (name, value) in fields.sorted(by: { $0.key < $1.key }) {
            append(name, to: &result)
            append(value, to: &result)
        }
        return result
    }

    package static func decode(_ bytes: [UInt8]) -> [String: String]? {
        var cursor = ByteCursor(bytes.span)
        var fields: [String: String] = [:]
        while !cursor.isAtEnd {
            guard let name = takeString(&cursor), let value = takeString(&cursor) else { return nil }
            fields[name] = value
        }
        return fields
    }

    /// A list as one field value.
    package static func list(_ values: [String]) -> String {
        var result: [UInt8] = []
        for value in values { append(value, to: &result) }
        return String(decoding: result, as: UTF8.self)
    }

    package static func list(from text: String) -> [String] {
        let bytes = Array(text.utf8)
        var cursor = ByteCursor(bytes.span)
        var values: [String] = []
        while !cursor.isAtEnd, let value = takeString(&cursor) { values.append(value) }
        return values
    }

    private static func append(_ text: String, to bytes: inout [UInt8]) {
        let utf8 = Array(text.utf8)
        bytes += Array("\(utf8.count):".utf8)
        bytes += utf8
    }

    private static func takeString(_ cursor: inout ByteCursor) -> String? {
        guard let count = cursor.takeNumber(upTo: UInt64(Int32.max)), cursor.take(0x3A),
            let range = cursor.take(count: Int(count))
        else { return nil }
        return cursor.text(range)
    }
}
