internal import IMAPWire

// Which file of Commands/ carries out which command.
extension CommandRun {
    /// Commands that need no mailbox; `view` is the one that SELECT leaves.
    func perform(
        _ command: Command,
        _ session: any IMAPSession,
        leaving view: MailboxView?,
        _ out: Responder
    ) async throws(IMAPFailure) -> Completion {
        switch command {
        case .noop: return .ok("NOOP done")
        case .id(let fields): return await identify(fields, session, out)
        case .enable(let names): return enable(names, view, out)
        case .select(let name, let parameters):
            return try await select(name, parameters, readOnly: false, session, leaving: view, out)
        case .examine(let name, let parameters):
            return try await select(name, parameters, readOnly: true, session, leaving: view, out)
        case .create(let name, let uses): return try await create(name, uses, session)
        case .delete(let name): return try await delete(name, session)
        case .rename(let name, let new): return try await rename(name, to: new, session)
        case .subscribe(let name): return try await subscribe(name, session)
        case .unsubscribe(let name): return try await unsubscribe(name, session)
        case .list(let request): return try await list(request, session, out)
        case .lsub(let request): return try await lsub(request, session, out)
        case .namespace: return try await namespace(session, out)
        case .status(let name, let items): return try await status(name, items, session, out)
        case .getMetadata(let request): return try await getMetadata(request, session, out)
        case .setMetadata(let name, let values): return try await setMetadata(values, of: name, session)
        case .myRights(let name): return try await myRights(name, session, out)
        case .getACL(let name): return try await getACL(name, session, out)
        case .listRights(let name, let identifier): return try await listRights(name, of: identifier, session, out)
        case .setACL(let name), .deleteACL(let name): return try await setACL(name, session)
        case .getQuota(let root): return try await getQuota(root, session, out)
        case .getQuotaRoot(let name): return try await getQuotaRoot(name, session, out)
        case .setQuota(let root): return try await setQuota(root, session)
        case .notify(let request): return try await notify(request, session, view, out)
        case .append(let request): return try await append(request, session)
        default: return .bad("That command has no place here")
        }
    }

    /// Commands in a selected mailbox.
    func perform(
        _ command: Command,
        _ session: any IMAPSession,
        _ view: MailboxView,
        _ out: Responder
    ) async throws(IMAPFailure) -> Completion {
        switch command {
        case .noop: return try await noop(view)
        case .check: return try await check(view)
        case .close: return try await close(view, out)
        case .unselect: return await unselect(view)
        case .expunge: return try await expunge(nil, view, out)
        case .uidExpunge(let set): return try await expunge(set, view, out)
        case .search(let request, let byUID): return try await search(request, byUID: byUID, view, out)
        case .sort(let request, let byUID): return try await sort(request, byUID: byUID, view, out)
        case .thread(let request, let byUID): return try await thread(request, byUID: byUID, view, out)
        case .fetch(let request, let byUID): return try await fetch(request, byUID: byUID, view, out)
        case .store(let request, let byUID): return try await store(request, byUID: byUID, view, out)
        case .copy(let set, let target, let byUID): return try await copy(set, to: target, byUID: byUID, view, out)
        case .move(let set, let target, let byUID):
            return try await move(set, to: target, byUID: byUID, view, out)
        case .replace(let request, let byUID): return try await replace(request, byUID: byUID, session, view, out)
        default: return try await perform(command, session, leaving: view, out)
        }
    }
}
