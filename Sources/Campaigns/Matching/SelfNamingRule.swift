internal import Text

// MATCHING §5.7: a handle that an unknown sender gives as their own.

extension Inquiry {
    func selfNamedCreators() -> Finding<CreatorID>? {
        let naming = SelfNaming(in: input, directory)
        let reason = Reason("5.7", "names " + naming.handles.map { "@" + $0 }.joined(separator: ", ") + " as their own")
        switch naming.creators.count {
        case 0: return nil
        case 1: return .likely(ids(naming.creators), reason)
        default:
            // One handle that is two creators' on two platforms is a question; several different
            // handles say nothing.
            return naming.handles.count == 1 ? .ambiguous(ids(naming.creators), reason) : nil
        }
    }
}

/// The creators whose handle a message gives as its sender's.
struct SelfNaming {
    private(set) var creators: [Int] = []
    /// The handles that belong to them, each once.
    private(set) var handles: [String] = []
    private let directory: Directory

    init(in input: MatchInput, _ directory: Directory) {
        self.directory = directory
        let hosts = directory.handles.profileHosts
        for mention in SocialHandles.mentions(in: input.subject, hosts: hosts) where mention.form != .post {
            let context = MentionContext(mention, in: input.subject, directory.handles.platformNames)
            if !context.isAboutSomebody { add(mention, context) }
        }
        for mention in SocialHandles.mentions(in: input.freshText, hosts: hosts) where mention.form != .post {
            let context = MentionContext(mention, in: input.freshText, directory.handles.platformNames)
            let inSignature = mention.form == .profile && context.isInSignature && context.standsAlone
            if inSignature || context.isFirstPerson { add(mention, context) }
        }
        for link in input.signatureLinks {
            guard let account = SocialHandles.account(ofURL: link, hosts: hosts), account.form == .profile else {
                continue
            }
            add(account.name, account.platform.map { PlatformID(rawValue: $0) })
        }
    }

    private mutating func add(_ mention: HandleMention, _ context: MentionContext) {
        add(mention.name, mention.platform.map { PlatformID(rawValue: $0) } ?? context.platform)
    }

    private mutating func add(_ name: String, _ platform: PlatformID?) {
        let owners = directory.handles.creators(of: name, on: platform)
        guard !owners.isEmpty else { return }
        if !handles.contains(name) { handles.append(name) }
        for owner in owners where !creators.contains(owner) { creators.append(owner) }
    }
}

/// The words around a handle, on its own line.
struct MentionContext {
    /// The last words before it, folded.
    private let before: [String]
    /// The text behind it, folded.
    private let after: String
    private let line: String
    private let platformNames: [String: PlatformID]
    /// A platform named beside it; `nil` where none is.
    let platform: PlatformID?
    let isInSignature: Bool

    init(_ mention: HandleMention, in text: String, _ platformNames: [String: PlatformID]) {
        let bytes = Array(text.utf8)
        let start = bytes[..<mention.range.lowerBound].lastIndex(of: 0x0A).map { $0 + 1 } ?? 0
        let end = bytes[mention.range.upperBound...].firstIndex(of: 0x0A) ?? bytes.count
        func folded(_ range: Range<Int>) -> String {
            CaseFolding.searchable(String(decoding: bytes[range], as: UTF8.self))
        }
        // The sentence, as far as it stands on the line.
        let head = folded(start..<mention.range.lowerBound)
        let sentence = head.split(whereSeparator: { ".!?。！？;".contains($0) }, omittingEmpty: false).last ?? ""
        self.before = Self.words(sentence)
        self.after = folded(mention.range.upperBound..<end)
        self.line = folded(start..<end)
        self.platformNames = platformNames
        self.platform = Self.platform(before, Self.words(Substring(after)), platformNames)
        self.isInSignature = Self.isNearEnd(bytes, end)
    }

    /// `this is @h`, `@h here`, `my TikTok is @h`, in many languages.
    var isFirstPerson: Bool {
        guard !isOfAnother else { return false }
        let behind = after.drop(while: \.isWhitespace)
        if FirstPerson.followers.contains(where: { behind.hasPrefix($0) && !continues(behind, $0) }) { return true }
        for count in 1...3 where before.count >= count {
            if FirstPerson.leads.contains(before.suffix(count).joined(separator: " ")) { return true }
        }
        // `my tiktok handle is`: a possessive, then only words for an account.
        var rest = before[...]
        while let last = rest.last, isAccountWord(last) { rest = rest.dropLast() }
        guard rest.count < before.count, let owner = rest.last else { return false }
        return FirstPerson.possessives.contains(owner)
            || FirstPerson.possessives.contains(rest.suffix(2).joined(separator: " "))
    }

    /// `about @h`, `saw @h`, `@h's post`: somebody else is meant.
    var isAboutSomebody: Bool {
        if isOfAnother { return true }
        guard let last = before.last else { return false }
        return FirstPerson.pointers.contains(last)
            || FirstPerson.pointers.contains(before.suffix(2).joined(separator: " "))
    }

    /// Whether the line says nothing but where the profile is.
    var standsAlone: Bool {
        let others = Self.words(Substring(line)).filter { word in
            !isAccountWord(word) && !FirstPerson.labelWords.contains(word) && !word.contains("/") && !word.contains("@")
        }
        return others.isEmpty
    }

    /// `@h's post`.
    private var isOfAnother: Bool {
        after.hasPrefix("'s") || after.hasPrefix("’s") || after.hasPrefix("の") || after.hasPrefix("的")
    }

    private func continues(_ text: Substring, _ word: String) -> Bool {
        guard let last = word.unicodeScalars.last, last.value < 0x250 else { return false }
        return text.dropFirst(word.count).first?.isLetter ?? false
    }

    private func isAccountWord(_ word: String) -> Bool {
        platformNames[word] != nil || FirstPerson.accountWords.contains(word)
    }

    private static func words(_ text: some StringProtocol) -> [String] {
        text.split { $0.isWhitespace || $0 == "," || $0 == "(" || $0 == ")" || $0 == "|" || $0 == "·" || $0 == "–" }
            .map { word in
                var word = word[...]
                while let last = word.last, last == ":" || last == "：" || last == "=" { word = word.dropLast() }
                return String(word)
            }
            .filter { !$0.isEmpty }
    }

    private static func platform(
        _ before: [String],
        _ after: [String],
        _ names: [String: PlatformID]
    ) -> PlatformID? {
        for (index, word) in before.enumerated().reversed().prefix(5) {
            guard let platform = names[word] else { continue }
            // `Brand x @h`: one letter is a platform only where the words say so.
            if word.unicodeScalars.count == 1 {
                guard index > 0, FirstPerson.beforeShortNames.contains(before[index - 1]) else { continue }
            }
            return platform
        }
        for (index, word) in after.prefix(3).enumerated() {
            guard let platform = names[word] else { continue }
            guard index > 0, FirstPerson.beforeShortNames.contains(after[index - 1]) else {
                if word.unicodeScalars.count == 1 || index > 0 { continue }
                return platform
            }
            return platform
        }
        return nil
    }

    /// Whether few lines follow.
    private static func isNearEnd(_ bytes: [UInt8], _ end: Int) -> Bool {
        var lines = 0
        var isBlank = true
        for byte in bytes[end...] {
            if byte == 0x0A {
                if !isBlank { lines += 1 }
                if lines > signatureLines { return false }
                isBlank = true
            } else if byte > 0x20 {
                isBlank = false
            }
        }
        return true
    }

    private static let signatureLines = 8
}

extension StringProtocol {
    fileprivate func split(whereSeparator isSeparator: (Character) -> Bool, omittingEmpty: Bool) -> [SubSequence] {
        split(maxSplits: .max, omittingEmptySubsequences: omittingEmpty, whereSeparator: isSeparator)
    }
}
