// MATCHING §5.6, §5.10: the thread speaks for addresses that nobody knows.

extension Inquiry {
    /// §5.6: an unknown address inside a known thread.
    func threadCreators() -> Finding<CreatorID>? {
        guard let parent = thread.parent else { return nil }
        if thread.isDivided {
            let all = thread.allCreators
            return all.isEmpty ? nil : .ambiguous(all, Reason("5.6", "the id answered belongs to several messages"))
        }
        let creators = parent.creators.keys
        guard !creators.isEmpty else { return nil }
        let reason = Reason("5.6", "unknown address in the thread of \(parent.messageID)")
        if isAutomatic, direction == .inbound {
            // §4.3: an automatic reply is attached as surely as what it answers.
            var found = parent.creators
            found.reason = Reason("4.3", "automatic reply to \(parent.messageID)")
            return found
        }
        // Nothing is surer than the message it rests on.
        guard creators.count == 1, parent.creators.confidence != .ambiguous else { return .ambiguous(creators, reason) }
        let named = SelfNaming(in: input, directory).creators.map { directory.creators[$0].id }
        let others = named.filter { !creators.contains($0) }
        guard others.isEmpty else {
            return .ambiguous(creators + others, Reason("5.6", reason.words + ", and another creator's handle"))
        }
        return .likely(creators, reason)
    }

    /// §5.10: internal mail keeps the thread's creator.
    func internalThreadCreators() -> Finding<CreatorID>? {
        guard let parent = thread.parent else { return nil }
        let reason = Reason("5.10", "internal mail in the thread of \(parent.messageID)")
        if thread.isDivided { return .ambiguous(thread.allCreators, reason) }
        guard !parent.creators.keys.isEmpty else { return nil }
        return parent.creators.attached.isEmpty
            ? .ambiguous(parent.creators.candidates, reason) : .certain(parent.creators.attached, reason)
    }
}
