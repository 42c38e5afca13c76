/// A mailbox of an address field: who it says it is, and where its mail goes.
package struct Correspondent: Hashable, Sendable {
    /// The display name, decoded; shown to people, never evidence (MATCHING §3).
    package var name: String
    package var address: Address

    package init(name: String = "", address: Address) {
        self.name = name
        self.address = address
    }
}
