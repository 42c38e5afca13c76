internal import Base

/// An address field in its order, groups marked (RFC 5322 §3.4).
package struct AddressList: Sendable, Hashable {
    package enum Item: Sendable, Hashable {
        case mailbox(Address)
        /// The start of a group, with its name unquoted.
        case groupStart([UInt8])
        case groupEnd
    }

    package let items: [Item]

    package init(items: [Item]) {
        self.items = items
    }

    /// Parses the unfolded body of a field; at most `Limits.addresses` are taken.
    package init(_ value: [UInt8]) {
        var parser = AddressParser(value)
        items = parser.list()
    }

    /// Parses all fields of a name as one list.
    package init(_ header: Header, _ name: String) {
        var items: [Item] = []
        for field in header.all(name) where items.count < Limits.addresses {
            items += Self(field.unfolded).items
        }
        self.items = items
    }

    /// Every mailbox, groups opened.
    package var mailboxes: [Address] {
        items.compactMap { if case .mailbox(let address) = $0 { address } else { nil } }
    }
}
