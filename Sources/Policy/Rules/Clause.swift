/// A piece of approved wording, which mail has to use as it stands (C83, D14).
package struct Clause: Hashable, Sendable {
    package enum Kind: String, CaseIterable, Hashable, Sendable {
        case disclosure, usage, claims, payment
    }

    package let id: String
    package let kind: Kind
    /// What the ledger names it by, with the id.
    package let version: String
    /// Compared word by word; letter case, punctuation and line breaks do not count.
    package let text: String

    package init(id: String, kind: Kind, version: String, text: String) {
        self.id = id
        self.kind = kind
        self.version = version
        self.text = text
    }

    /// As reasons and the ledger name it.
    var name: String { "\(id) (\(kind.rawValue), version \(version))" }
}
