internal import Base
internal import Text

/// The handles of a text with the platforms that it states (LABELS §5).
///
/// Whose they are is not known here: a brand's handle is read like a creator's, and whoever knows
/// the records leaves it out.
enum HandleReader {
    static func handles(in text: String) -> [ReadHandle] {
        let bytes = Array(text.utf8)
        var result: [ReadHandle] = []
        for mention in SocialHandles.mentions(in: text) where result.count < Limits.readings {
            let platform = mention.platform ?? statedPlatform(mention, bytes)
            if result.contains(where: { $0.name == mention.name && $0.platform == platform }) { continue }
            // The same name, said again with its platform or without one.
            if platform == nil, result.contains(where: { $0.name == mention.name }) { continue }
            if let bare = result.firstIndex(where: { $0.name == mention.name && $0.platform == nil }) {
                result[bare].platform = platform
                continue
            }
            result.append(ReadHandle(name: mention.name, platform: platform))
        }
        return result
    }

    /// `IG: @mia`, `my TikTok is @mia`, `@mia on YouTube`.
    private static func statedPlatform(_ mention: HandleMention, _ bytes: [UInt8]) -> String? {
        // On its line, and no farther than a few words.
        let near = max(0, mention.range.lowerBound - reach)..<min(bytes.count, mention.range.upperBound + reach)
        let start =
            bytes[near.lowerBound..<mention.range.lowerBound].lastIndex(of: 0x0A).map { $0 + 1 } ?? near.lowerBound
        let end = bytes[mention.range.upperBound..<near.upperBound].firstIndex(of: 0x0A) ?? near.upperBound
        let before = words(bytes[start..<mention.range.lowerBound]).suffix(3)
        for (place, word) in before.enumerated().reversed() {
            // A handle in between owns what stands before it.
            if word.hasPrefix("@") { break }
            guard let platform = SocialHandles.platformNames[word] else { continue }
            // `Brand x @mia`: one letter is a platform only where the text makes it one.
            if word.unicodeScalars.count == 1 {
                let isLabel = place == before.count - 1 && endsWithColon(bytes[start..<mention.range.lowerBound])
                let words = Array(before)
                guard isLabel || (place > 0 && joiners.contains(words[place - 1])) else { continue }
            }
            return platform
        }
        let after = words(bytes[mention.range.upperBound..<end])
        guard let first = after.first else { return nil }
        if joiners.contains(first), after.count > 1 { return SocialHandles.platformNames[after[1]] }
        return first.unicodeScalars.count > 1 ? SocialHandles.platformNames[first] : nil
    }

    private static let reach = 120

    private static let joiners: Set<String> = [
        "on", "my", "auf", "mein", "sur", "mon", "en", "mi", "no", "meu", "su", "mio", "op", "na", "from",
    ]

    private static func endsWithColon(_ bytes: ArraySlice<UInt8>) -> Bool {
        bytes.last { $0 != 0x20 } == 0x3A
    }

    private static func words(_ bytes: ArraySlice<UInt8>) -> [String] {
        CaseFolding.searchable(String(decoding: bytes, as: UTF8.self))
            .split { $0.isWhitespace || ":：,()|·–=".contains($0) }
            .map(String.init)
    }
}
