internal import IMAPWire

/// What a client is to hear of its mailbox: what happened since it was last told, apart from how
/// that is written.
struct MailboxChanges {
    /// A message that is gone.
    struct Gone {
        /// Its number when it is told, those before it gone already (RFC 9051 §7.5.1).
        var number: UInt32
        var uid: UID
    }

    /// A message with another MODSEQ.
    struct Changed {
        /// Its index when it is told, after what is gone.
        var index: Int
        var uid: UID
        var flags: Flags
        var modSeq: ModSeq
        /// Whether the client has these flags already, from a FETCH or a STORE of its own.
        var isKnown: Bool
        /// Whether it has this MODSEQ already.
        var isCounted: Bool
    }

    /// In order of UID.
    var gone: [Gone] = []
    /// In order of UID.
    var changed: [Changed] = []
    /// The indices of new messages, the last ones.
    var arrived = 0..<0

    /// How many messages are recent, where that changed (RFC 3501 §7.3.2).
    var recent: UInt32?

    /// Writes EXPUNGE or VANISHED, EXISTS, and FETCH with FLAGS (RFC 9051 §7.5.1, §7.4.1, §7.5.2).
    ///
    /// Once MODSEQ is told, FETCH names the UID too.
    func write(into writer: inout WireWriter, of view: MailboxView, _ enabled: Enabled) {
        if enabled.contains(.qresync) {
            writer.response(.vanished(NumberSet(gone.map(\.uid)), earlier: false))
        } else {
            for message in gone { writer.response(.expunge(message.number)) }
        }
        if !arrived.isEmpty { writer.response(.exists(UInt32(arrived.upperBound))) }
        if let recent { writer.response(.recent(recent)) }
        let tellsModSeq = enabled.contains(.condStore)
        for message in changed where !message.isKnown || (tellsModSeq && !message.isCounted) {
            view.announce(message.flags, into: &writer)
            let flags = FetchValue.flags(view.shown(message.flags, of: message.uid).names)
            let uid: [FetchValue] = enabled.tellsUIDs ? [.uid(message.uid)] : []
            let modSeq: [FetchValue] = tellsModSeq ? [.modSeq(message.modSeq)] : []
            writer.response(.fetch(UInt32(message.index + 1), uid + [flags] + modSeq))
        }
    }
}
