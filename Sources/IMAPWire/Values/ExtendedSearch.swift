/// The answer to SEARCH RETURN (…) (RFC 4731, RFC 9051 §7.3.4), and to SORT RETURN (RFC 5267).
package struct ExtendedSearch: Hashable, Sendable {
    /// The tag of the command that is answered.
    package var tag: String?
    /// Whether the numbers are UIDs.
    package var isUID: Bool
    package var min: UInt32?
    package var max: UInt32?
    /// What was found, in the order of the answer; SEARCH has it ascending.
    package var all: [UInt32]?
    package var count: UInt32?
    package var modSeq: ModSeq?

    package init(tag: String?, isUID: Bool) {
        self.tag = tag
        self.isUID = isUID
    }

    /// The parts that were asked for; MIN, MAX and ALL are left out where nothing was found.
    package init(tag: String?, isUID: Bool, _ options: SearchReturn, found: [UInt32], modSeq: ModSeq? = nil) {
        self.init(tag: tag, isUID: isUID)
        if options.contains(.min) { min = found.min() }
        if options.contains(.max) { max = found.max() }
        if options.contains(.all), !found.isEmpty { all = found }
        if options.contains(.count) { count = UInt32(found.count) }
        if !found.isEmpty { self.modSeq = modSeq }
    }
}
