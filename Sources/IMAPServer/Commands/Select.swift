internal import IMAPWire

// SELECT and EXAMINE (RFC 9051 §6.3.2, §6.3.3), with CONDSTORE and QRESYNC (RFC 7162).
extension CommandRun {
    func select(
        _ name: MailboxName,
        _ parameters: SelectParameters,
        readOnly: Bool,
        _ session: any IMAPSession,
        leaving old: MailboxView?,
        _ out: Responder
    ) async throws(IMAPFailure) -> Completion {
        // RFC 7162 §3.2.5
        guard parameters.known == nil || enabled.contains(.qresync) else { return .bad("Enable QRESYNC first") }
        if let old {
            await old.mailbox.close()
            // RFC 7162 §3.2.11: what comes before belongs to the old mailbox, even where the new one fails.
            tell(.closed, "The mailbox before is closed", out)
        }
        let mailbox = try await session.open(name, readOnly: readOnly)
        let view = MailboxView(mailbox, tellsRecent: !enabled.contains(.imap4rev2))
        do throws(IMAPFailure) {
            var entry = enabled.contains(.imap4rev2) ? try await listEntry(of: view.info.name, session) : nil
            entry?.oldName = parameters.suppliedName
            describe(view, entry, out)
            if let known = parameters.known { try await resynchronize(known, view, out) }
        } catch {
            await mailbox.close()
            throw error
        }
        let isReadOnly = readOnly || view.info.isReadOnly
        return Completion(
            answer: Completion.Answer(.ok, isReadOnly ? .readOnly : .readWrite, "Mailbox selected"),
            telling: nil,
            transition: .selected(view)
        )
    }

    /// IMAP4rev2 has LIST where IMAP4rev1 has RECENT and UNSEEN (RFC 9051 appendix E).
    private func describe(_ view: MailboxView, _ entry: ListEntry?, _ out: Responder) {
        out.response(.flags(view.flagNames))
        out.response(.exists(UInt32(view.entries.count)))
        if let entry {
            out.response(.list(entry))
        } else {
            out.response(.recent(view.recentCount))
            if let unseen = view.entries.firstUnseen {
                tell(.unseen(UInt32(unseen + 1)), "First unseen message", out)
            }
        }
        tell(.uidValidity(view.uidValidity), "UIDs are valid", out)
        tell(.uidNext(view.uidNext), "Next UID", out)
        tell(.permanentFlags(permanentFlags(view)), "What may be changed", out)
        tell(
            .mailboxID(view.mailbox.objectIDs.id(of: view.mailbox.latestSnapshot.mailbox)),
            "Same mailbox, same id",
            out
        )
        tell(.highestModSeq(view.settledModSeq), "Highest MODSEQ", out)
    }

    private func tell(_ code: ResponseCode, _ text: String, _ out: Responder) {
        out.response(.status(StatusResponse(tag: nil, .ok, code, text)))
    }

    private func permanentFlags(_ view: MailboxView) -> [String] {
        guard !view.info.isReadOnly else { return [] }
        return view.info.permanentFlags.names + (view.info.allowsNewKeywords ? ["\\*"] : [])
    }

    /// What went since the client last saw the mailbox, then what changed (RFC 7162 §3.2.5.1).
    ///
    /// New messages it finds by UIDNEXT.
    private func resynchronize(
        _ known: KnownMailbox,
        _ view: MailboxView,
        _ out: Responder
    ) async throws(IMAPFailure) {
        guard known.uidValidity == view.uidValidity, view.uidNext > 1 else { return }
        let uids = known.uids ?? NumberSet([1...view.uidNext - 1])
        let gone = try await view.vanished(since: known.modSeq, of: uids, known.sample)
        if !gone.isEmpty { out.response(.vanished(gone, earlier: true)) }
        let ranges = view.indices(of: SequenceSet(uids), byUID: true) ?? []
        for range in view.indices(in: ranges, changedSince: known.modSeq) {
            for entry in view.entries[range].enumerated() {
                view.announce(entry.element.flags, into: &out.writer)
                let values = [
                    FetchValue.uid(entry.element.uid),
                    .flags(view.shown(entry.element.flags, of: entry.element.uid).names),
                    .modSeq(entry.element.modSeq),
                ]
                out.response(.fetch(UInt32(range.lowerBound + entry.offset + 1), values))
                try await out.drain()
            }
        }
    }
}
