internal import IMAPWire
internal import SASL

// Which command may come in which state, and what the engine answers by itself.
extension Engine {
    mutating func dispatch(_ tagged: TaggedCommand) {
        let tag = tagged.tag
        guard !endsAccess() else { return }
        switch (tagged.command, state) {
        case (.capability, _):
            output.response(.capability(capabilities))
            output.status(StatusResponse(tag: tag, .ok, "CAPABILITY done"))
        case (.logout, _):
            output.status(StatusResponse(tag: nil, .bye, "Goodbye"))
            output.status(StatusResponse(tag: tag, .ok, "LOGOUT done"))
            duty = .close(.loggedOut)
        case (.id(let fields), .notAuthenticated):
            clientID = fields
            output.response(.id(CommandRun.serverID))
            output.status(StatusResponse(tag: tag, .ok, "ID done"))
        case (.noop, .notAuthenticated): output.status(StatusResponse(tag: tag, .ok, "NOOP done"))
        case (.startTLS, .notAuthenticated): startTLS(tag: tag)
        case (.authenticate(let mechanism, let response), .notAuthenticated):
            beginAuthenticate(tag: tag, mechanism: mechanism, response)
        case (.login(let user, let password), .notAuthenticated):
            guard mayLogIn(tag: tag) else { return }
            let credentials = PlainCredentials(authentication: user, password: password)
            logIn(tag: tag, .password(credentials))
        case (.startTLS, _), (.authenticate, _), (.login, _): refuse(tag: tag, "You are logged in already")
        case (_, .notAuthenticated): refuse(tag: tag, "Log in first")
        case (.idle, _): beginIdle(tag: tag)
        case (let command, .authenticated(let session)):
            guard !command.needsMailbox else { return refuse(tag: tag, "Select a mailbox first") }
            enabled.formUnion(Enabled(usedBy: command))
            perform(tag: tag, .authenticated(command, session))
        case (let command, .selected(let session, let view)):
            let used = Enabled(usedBy: command)
            // RFC 7162 §3.1: from where the client counts, where it had no reason to count before.
            if !enabled.isSuperset(of: used), !command.leavesMailbox { view.tellHighestModSeq(into: &output) }
            enabled.formUnion(used)
            perform(tag: tag, .selected(command, session, view))
        }
    }

    var capabilities: [String] {
        Capabilities.names(isEncrypted: isEncrypted, settings: settings, isLoggedIn: session != nil)
    }

    /// Between commands, and while the client idles (RFC 5465 §4).
    mutating func tellNews(_ watch: NotifyWatch) {
        guard case .none = duty else { return }
        switch state {
        case .notAuthenticated: break
        case .authenticated(let session): perform(tag: "", .news(watch, session, nil))
        case .selected(let session, let view): perform(tag: "", .news(watch, session, view))
        }
    }

    mutating func perform(tag: String, _ work: CommandRun.Work) {
        notify?.own.formUnion(work.changedNames)
        duty = .perform(CommandRun(tag: tag, enabled: enabled, settings: settings, work: work))
    }

    /// A command that does not fit the state (RFC 9051 §3: BAD).
    mutating func refuse(tag: String, _ text: String) {
        output.status(StatusResponse(tag: tag, .bad, nil, text))
        countFault()
    }
}

extension Command {
    /// Whether the mailbox that was selected is left, even where the command fails (RFC 9051 §6.3.2).
    var leavesMailbox: Bool {
        switch self {
        case .select, .examine, .close, .unselect: true
        default: false
        }
    }

    /// Whether it has no meaning without a selected mailbox.
    var needsMailbox: Bool {
        switch self {
        case .check, .close, .unselect, .expunge, .uidExpunge, .search, .sort, .thread, .fetch, .store, .copy, .move,
            .replace:
            true
        default: false
        }
    }
}

extension CommandRun.Work {
    /// The names that the command may change: its client need not be told of them (RFC 5465 §5).
    fileprivate var changedNames: [MailboxName] {
        switch self {
        case .logIn, .news: []
        case .authenticated(let command, _), .selected(let command, _, _): command.changedNames
        }
    }
}

extension Command {
    fileprivate var changedNames: [MailboxName] {
        switch self {
        case .create(let name, _), .delete(let name), .subscribe(let name), .unsubscribe(let name): [name]
        case .rename(let name, let new): [name, new]
        case .setMetadata(let name?, _): [name]
        default: []
        }
    }
}
