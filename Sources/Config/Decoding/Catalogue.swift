/// What the files define and what they refer to, so that dangling references are found across
/// files when all have been read.
final class Catalogue {
    enum Kind: String {
        case account
        case member
        case group
        case agency
        case campaign
        case creator
        case platform
        case rule
        case clause
        case template
        case channel
        case plusToken = "plus token"
        case subjectTag = "subject tag"
        case campaignName = "campaign name"

        /// Where an admin adds one.
        var home: String {
            switch self {
            case .account: "greenroom.toml"
            case .member, .group: "team.toml"
            case .agency: "agencies.toml"
            case .campaign: "campaigns/"
            case .creator: "creators.csv"
            case .platform: "channels.toml"
            case .rule: "policies/"
            case .clause: "wording.toml"
            case .template: "[templates] of a campaign"
            case .channel: "channels.toml; or write \"email\" or \"marketplace\""
            case .plusToken, .subjectTag, .campaignName: "campaigns/"
            }
        }
    }

    private struct Key: Hashable {
        var kind: Kind
        var id: String
    }

    private struct Reference {
        var key: Key
        var reporter: ProblemReporter
        var offset: Int
    }

    private var definitions: [Key: String] = [:]
    private var names: [Kind: [String]] = [:]
    private var references: [Reference] = []
    private var unknown: Set<Kind> = []

    /// Says that a file could not be read, so that what it may define is not called missing.
    func excuse(_ kinds: [Kind]) { unknown.formUnion(kinds) }

    func isExcused(_ kind: Kind) -> Bool { unknown.contains(kind) }

    /// Takes a definition; a second one of the same id is told.
    func define(_ kind: Kind, _ id: String, at offset: Int, _ reporter: ProblemReporter) {
        let place = "\(reporter.source.path):\(reporter.place(offset))"
        if let first = definitions[Key(kind: kind, id: id)] {
            reporter.report("the \(kind.rawValue) \"\(id)\" is already defined at \(first); rename one", at: offset)
            return
        }
        definitions[Key(kind: kind, id: id)] = place
        names[kind, default: []].append(id)
    }

    /// Takes names that are defined in no file of their own.
    func provide(_ kind: Kind, _ ids: [String]) {
        for id in ids where definitions[Key(kind: kind, id: id)] == nil {
            definitions[Key(kind: kind, id: id)] = ""
            names[kind, default: []].append(id)
        }
    }

    func refer(to kind: Kind, _ id: String, at offset: Int, _ reporter: ProblemReporter) {
        references.append(Reference(key: Key(kind: kind, id: id), reporter: reporter, offset: offset))
    }

    func ids(of kind: Kind) -> [String] { names[kind] ?? [] }

    private func missing(_ kind: Kind, _ id: String) -> String {
        let suggestion = Suggestion.text(for: id, among: ids(of: kind))
        let cure = suggestion.isEmpty ? "; add it to \(kind.home)" : suggestion
        return "there is no \(kind.rawValue) \"\(id)\"\(cure)"
    }

    /// Tells of every reference to something that is not there.
    func finish() {
        for reference in references {
            let (kind, id) = (reference.key.kind, reference.key.id)
            guard definitions[reference.key] == nil, !unknown.contains(kind) else { continue }
            reference.reporter.report(missing(kind, id), at: reference.offset)
        }
    }
}
