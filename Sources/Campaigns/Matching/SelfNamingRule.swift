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
        let subject = MentionText(input.subject)
        for mention in SocialHandles.mentions(in: input.subject, hosts: hosts).lazy.filter({
            Self.isOfInterest($0, directory)
        })
        .prefix(Self.mentionsRead) {
            let context = MentionContext(mention, in: subject, directory.handles.platformNames)
            if !context.isAboutSomebody { add(mention, context) }
        }
        let text = MentionText(input.freshText)
        for mention in SocialHandles.mentions(in: input.freshText, hosts: hosts).lazy.filter({
            Self.isOfInterest($0, directory)
        })
        .prefix(Self.mentionsRead) {
            let context = MentionContext(mention, in: text, directory.handles.platformNames)
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

    /// Nobody introduces themselves after so many handles of creators.
    private static let mentionsRead = 64

    private static func isOfInterest(_ mention: HandleMention, _ directory: Directory) -> Bool {
        mention.form != .post && !directory.handles.creators(of: mention.name, on: nil).isEmpty
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

    init(_ mention: HandleMention, in text: MentionText, _ platformNames: [String: PlatformID]) {
        let line = text.line(around: mention.range)
        // The sentence, as far as it stands on the line.
        let head = text.folded(line.lowerBound..<mention.range.lowerBound)
        let sentence = head.split(omittingEmptySubsequences: false) { ".!?。！？;".contains($0) }.last ?? ""
        self.before = Self.words(sentence)
        self.after = text.folded(mention.range.upperBound..<line.upperBound)
        self.line = text.folded(line)
        self.platformNames = platformNames
        self.platform = Self.platform(before, Self.words(after), platformNames)
        self.isInSignature = mention.range.lowerBound >= text.signatureStart
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
}

/// A text in which the words around handles are looked at: cut into bytes once, and never looked
/// at farther than a short line, so that a text full of handles costs no more than its length.
struct MentionText {
    private let bytes: [UInt8]
    /// Where the last lines begin, those in which a signature stands.
    let signatureStart: Int

    init(_ text: String) {
        bytes = Array(text.utf8)
        var start = bytes.count
        var lines = 0
        var isBlank = true
        while start > 0, lines <= Self.signatureLines {
            let byte = bytes[start - 1]
            if byte == 0x0A {
                if !isBlank { lines += 1 }
                if lines > Self.signatureLines { break }
                isBlank = true
            } else if byte > 0x20 {
                isBlank = false
            }
            start -= 1
        }
        signatureStart = start
    }

    /// The line that a range stands on, at most so far to either side.
    func line(around range: Range<Int>) -> Range<Int> {
        var start = range.lowerBound
        while start > 0, bytes[start - 1] != 0x0A, range.lowerBound - start < Self.reach { start -= 1 }
        var end = range.upperBound
        while end < bytes.count, bytes[end] != 0x0A, end - range.upperBound < Self.reach { end += 1 }
        return start..<end
    }

    func folded(_ range: Range<Int>) -> String {
        CaseFolding.searchable(String(decoding: bytes[range], as: UTF8.self))
    }

    private static let signatureLines = 8
    private static let reach = 240
}
