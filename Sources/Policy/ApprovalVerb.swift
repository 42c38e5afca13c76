/// What the first line of a reply to a notice can say.
package enum ApprovalVerb: String, Hashable, Sendable, CaseIterable {
    case approve
    /// With a reason behind it or below.
    case reject
    case withdraw
    /// With the new text below, or behind the colon.
    case replace
    /// With the campaign that a mail belongs to.
    case campaign
}

/// The verbs of some languages, as people write them.
package struct ApprovalVerbs: Hashable, Sendable {
    private let verbs: [String: ApprovalVerb]

    /// The languages that there are verbs of (BCP 47), sorted.
    package static let languages = words.keys.sorted()

    /// The verbs of these languages; a region is left aside, languages without verbs add none.
    package init(languages: [String]) {
        var verbs: [String: ApprovalVerb] = [:]
        for language in languages {
            for (verb, word) in Self.words[Self.base(language)] ?? [:] { verbs[word] = verb }
        }
        self.verbs = verbs
    }

    /// The verb that a word is, letter case aside.
    package func verb(_ word: String) -> ApprovalVerb? { verbs[word.lowercased()] }

    /// Whether there are verbs of a language.
    package static func knows(_ language: String) -> Bool { words[base(language)] != nil }

    /// How a verb is said in a language: what a notice tells people to write.
    package static func word(_ verb: ApprovalVerb, in language: String) -> String {
        words[base(language)]?[verb] ?? verb.rawValue
    }

    private static func base(_ language: String) -> String {
        String(language.lowercased().prefix { $0 != "-" && $0 != "_" })
    }

    private static let words: [String: [ApprovalVerb: String]] = [
        "en": [
            .approve: "approve", .reject: "reject", .withdraw: "withdraw", .replace: "replace",
            .campaign: "campaign",
        ],
        "de": [
            .approve: "freigeben", .reject: "ablehnen", .withdraw: "zurückziehen", .replace: "ersetzen",
            .campaign: "kampagne",
        ],
        "fr": [
            .approve: "approuver", .reject: "refuser", .withdraw: "retirer", .replace: "remplacer",
            .campaign: "campagne",
        ],
        "es": [
            .approve: "aprobar", .reject: "rechazar", .withdraw: "retirar", .replace: "reemplazar",
            .campaign: "campaña",
        ],
        "it": [
            .approve: "approvare", .reject: "rifiutare", .withdraw: "ritirare", .replace: "sostituire",
            .campaign: "campagna",
        ],
        "pt": [
            .approve: "aprovar", .reject: "rejeitar", .withdraw: "retirar", .replace: "substituir",
            .campaign: "campanha",
        ],
        "nl": [
            .approve: "goedkeuren", .reject: "afwijzen", .withdraw: "intrekken", .replace: "vervangen",
            .campaign: "campagne",
        ],
        "pl": [
            .approve: "zatwierdzam", .reject: "odrzucam", .withdraw: "wycofuję", .replace: "zamień",
            .campaign: "kampania",
        ],
    ]
}
