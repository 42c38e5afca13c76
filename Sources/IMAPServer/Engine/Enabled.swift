/// What a client has turned on for its connection: by ENABLE (RFC 5161), or by using it
/// (RFC 7162 §3.1 CONDSTORE enabling commands).
///
/// It only ever grows, and decides how answers and notices are written.
package struct Enabled: OptionSet, Hashable, Sendable {
    package let rawValue: UInt8

    package init(rawValue: UInt8) { self.rawValue = rawValue }

    /// RFC 7162 §3.1: FETCH that tells of a change carries MODSEQ.
    package static let condStore = Self(rawValue: 1 << 0)
    /// RFC 7162 §3.2: VANISHED in place of EXPUNGE.
    package static let qresync = Self(rawValue: 1 << 1)
    /// RFC 6855: UTF-8 in quoted strings and mailbox names.
    package static let utf8Accept = Self(rawValue: 1 << 2)
    /// RFC 9051 §6.3.1: ESEARCH, no \Recent, mailbox names in UTF-8.
    package static let imap4rev2 = Self(rawValue: 1 << 3)

    /// What ENABLE knows, with what each brings with it (RFC 7162 §3.2.3: QRESYNC means CONDSTORE).
    static let names: [(name: String, brings: Self)] = [
        ("CONDSTORE", .condStore)
    ]

    /// What a name of ENABLE turns on; nothing for one that cannot be enabled.
    static func named(_ name: String) -> Self { names.first { $0.name == name }?.brings ?? [] }
}
