/// A value of a TOML document with the place it was read at.
package struct TOMLNode: Sendable {
    /// The first byte of the value; of a table from a header, the byte behind its `[`.
    package var offset: Int
    package var value: TOMLValue

    package init(offset: Int, value: TOMLValue) {
        self.offset = offset
        self.value = value
    }
}

/// The types of TOML 1.0.
package enum TOMLValue: Sendable {
    case string(String)
    case integer(Int64)
    case float(Double)
    case boolean(Bool)
    case dateTime(TOMLDateTime)
    case array([TOMLNode])
    case table(TOMLTable)

    /// The type's name as messages use it, with its article.
    package var typeName: String {
        switch self {
        case .string: "a string"
        case .integer: "an integer"
        case .float: "a float"
        case .boolean: "a boolean"
        case .dateTime(let value): value.typeName
        case .array: "an array"
        case .table: "a table"
        }
    }
}

/// One of the four kinds of date and time: with offset, local, date alone, time alone.
package struct TOMLDateTime: Sendable, Hashable {
    package struct Day: Sendable, Hashable {
        package var year: Int
        package var month: Int
        package var day: Int
    }

    package struct Time: Sendable, Hashable {
        package var hour: Int
        package var minute: Int
        package var second: Int
        package var nanosecond: Int
    }

    package var day: Day?
    package var time: Time?
    /// Minutes east of UTC.
    package var offset: Int?

    package var typeName: String {
        switch (day, time, offset) {
        case (_, nil, _): "a date"
        case (nil, _, _): "a time"
        case (_, _, nil): "a local date-time"
        default: "a date-time"
        }
    }
}

/// Keys and values in the order of the file.
package struct TOMLTable: Sendable {
    package struct Entry: Sendable {
        package var key: String
        /// The first byte of the key where it was first written.
        package var keyOffset: Int
        package var node: TOMLNode
    }

    package private(set) var entries: [Entry] = []
    private var index: [String: Int] = [:]

    package init() {}

    package subscript(key: String) -> Entry? { index[key].map { entries[$0] } }

    package var isEmpty: Bool { entries.isEmpty }

    /// Adds an entry; the first one of a key stays.
    mutating func append(_ entry: Entry) {
        guard index[entry.key] == nil else { return }
        index[entry.key] = entries.count
        entries.append(entry)
    }
}
