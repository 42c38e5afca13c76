internal import SASL

/// What the server announces: each name only when its whole RFC holds.
enum Capabilities {
    /// In any state.
    static let common = ["IMAP4rev1", "LITERAL+", "SASL-IR", "ID", "ENABLE", "IDLE"]

    /// After log-in as well.
    static let session = [
        "IMAP4rev2", "NAMESPACE", "CHILDREN", "UNSELECT", "UIDPLUS", "MOVE", "SPECIAL-USE",
        "CREATE-SPECIAL-USE", "LIST-EXTENDED", "LIST-STATUS", "STATUS=SIZE", "OBJECTID",
        "MULTIAPPEND", "CATENATE", "REPLACE", "BINARY",
        "ESEARCH", "SEARCHRES", "CONDSTORE", "QRESYNC",
        "ACL", "RIGHTS=kxte", "METADATA", "LIST-MYRIGHTS", "LIST-METADATA", "QUOTA", "QUOTA=RES-STORAGE",
        "QUOTA=RES-MESSAGE", "UTF8=ACCEPT", "NOTIFY",
        "SORT", "SORT=DISPLAY", "THREAD=ORDEREDSUBJECT", "THREAD=REFERENCES", "PREVIEW", "SAVEDATE",
        "WITHIN", "INPROGRESS",
    ]

    static func names(isEncrypted: Bool, settings: EngineSettings, isLoggedIn: Bool) -> [String] {
        var names = common
        if isLoggedIn { return names + session + ["APPENDLIMIT=\(settings.appendLimit)"] }
        if !isEncrypted, settings.canStartTLS { names.append("STARTTLS") }
        guard isEncrypted || settings.allowsPlaintextLogIn else { return names + ["LOGINDISABLED"] }
        return names + Engine.mechanisms(settings.channelBindings).map { "AUTH=\($0.rawValue)" }
    }
}
