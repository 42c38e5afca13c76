internal import Base

/// A social account named in a text: `@name`, or the address of a profile or post.
package struct HandleMention: Hashable, Sendable {
    package enum Form: Hashable, Sendable {
        case at
        case profile
        /// A link to one post: it names the account but says nothing of who sends it.
        case post
    }

    /// Lower case, without `@`; dots, underscores and hyphens inside count.
    package let name: String
    /// `instagram`, `tiktok`, …, told by the host; `nil` for a bare `@name`.
    package let platform: String?
    package let form: Form
    /// In UTF-8 bytes of the text.
    package let range: Range<Int>
}

/// Finds handles in texts and links (LABELS §5, MATCHING §5.7).
package enum SocialHandles {
    /// The platforms that are known without configuration, by what texts call them.
    package static let platformNames: [String: String] = [
        "instagram": "instagram", "insta": "instagram", "ig": "instagram", "인스타그램": "instagram", "인스타": "instagram",
        "インスタグラム": "instagram", "インスタ": "instagram", "tiktok": "tiktok", "tik tok": "tiktok", "틱톡": "tiktok",
        "抖音": "tiktok", "youtube": "youtube", "yt": "youtube", "유튜브": "youtube", "ユーチューブ": "youtube", "x": "x",
        "twitter": "x", "ツイッター": "x", "트위터": "x", "threads": "threads", "twitch": "twitch", "pinterest": "pinterest",
        "facebook": "facebook", "fb": "facebook", "naver": "naver-blog", "naver blog": "naver-blog",
        "네이버": "naver-blog",
        "블로그": "naver-blog",
    ]

    /// The handles of a text in order, at most `Limits.mentions` and those of the last word.
    ///
    /// `hosts` are more hosts of profiles, whose first path segment is the handle, with their
    /// platforms.
    package static func mentions(in text: String, hosts: [String: String] = [:]) -> [HandleMention] {
        let bytes = Array(text.utf8)
        var result: [HandleMention] = []
        var index = 0
        while index < bytes.count, result.count < Limits.mentions {
            let start = index
            // A run without white space, brackets or quotes: a word, an address, a link.
            while index < bytes.count, !breaks.contains(bytes[index]) { index += 1 }
            if index > start { scan(bytes, start..<index, hosts, &result) }
            index += 1
        }
        return result
    }

    /// The account that an address of a profile or post names; `nil` for any other address.
    package static func account(ofURL url: some StringProtocol, hosts: [String: String] = [:]) -> HandleMention? {
        var rest = Substring(url)
        if let scheme = rest.firstRange(of: "://") {
            let name = ASCII.lowercased(String(rest[..<scheme.lowerBound]))
            guard name == "http" || name == "https" else { return nil }
            rest = rest[scheme.upperBound...]
        }
        guard let slash = rest.firstIndex(of: "/") else { return nil }
        var host = ASCII.lowercased(String(rest[..<slash]))
        // `https://instagram.com@evil.example/` is a link to somewhere else.
        guard !host.contains("@"), !host.contains(":") else { return nil }
        for prefix in ["www.", "m.", "mobile."] where host.hasPrefix(prefix) { host.removeFirst(prefix.count) }
        let path = rest[rest.index(after: slash)...].prefix { $0 != "?" && $0 != "#" }
        let segments = path.split(separator: "/").map(String.init)
        guard let site = site(host, hosts), let first = segments.first else { return nil }
        let range = 0..<url.utf8.count
        return site.account(first, Array(segments.dropFirst()), range)
    }

    private static let breaks = ByteClass(" \t\r\n<>()[]{}\"'|,;`").union(.controls)

    private static func scan(
        _ bytes: [UInt8],
        _ run: Range<Int>,
        _ hosts: [String: String],
        _ result: inout [HandleMention]
    ) {
        if bytes[run].contains(0x2F), bytes[run].contains(0x2E) {
            var end = run.upperBound
            while end > run.lowerBound, isFinalPunctuation(bytes[end - 1]) { end -= 1 }
            let text = String(decoding: bytes[run.lowerBound..<end], as: UTF8.self)
            // A label may touch the link: `IG:https://…`.
            let link = text.firstRange(of: "http").map { text[$0.lowerBound...] } ?? text[...]
            if let account = account(ofURL: link, hosts: hosts) {
                let start = end - link.utf8.count
                result.append(
                    HandleMention(
                        name: account.name,
                        platform: account.platform,
                        form: account.form,
                        range: start..<end
                    )
                )
                return
            }
            if text.contains("://") { return }
        }
        var index = run.lowerBound
        while index < run.upperBound {
            guard let length = atSign(bytes, index) else {
                index += 1
                continue
            }
            let start = index
            index += length
            // What touches a word before it is an address of mail.
            if start > run.lowerBound, isNameByte(bytes[start - 1]), bytes[start - 1] < 0x80 { continue }
            var end = nameEnd(bytes, index, run.upperBound)
            while end > index, bytes[end - 1] == 0x2E || bytes[end - 1] == 0x2D { end -= 1 }
            guard end > index else { continue }
            let name = CaseFolding.simple(String(decoding: bytes[index..<end], as: UTF8.self))
            // `@brand.example.` may be a domain; as a handle it is looked up like any other.
            result.append(HandleMention(name: name, platform: nil, form: .at, range: start..<end))
            index = end
        }
    }

    /// `@`, or its full-width form.
    private static func atSign(_ bytes: [UInt8], _ index: Int) -> Int? {
        if bytes[index] == 0x40 { return 1 }
        guard index + 2 < bytes.count, bytes[index] == 0xEF, bytes[index + 1] == 0xBC, bytes[index + 2] == 0xA0 else {
            return nil
        }
        return 3
    }

    /// The end of a handle: letters, digits, dots, underscores, hyphens.
    ///
    /// A script without spaces ends a handle in Latin letters, for particles touch it: `@mia입니다`.
    private static func nameEnd(_ bytes: [UInt8], _ start: Int, _ limit: Int) -> Int {
        var index = start
        var isUnspaced: Bool?
        while index < limit {
            let byte = bytes[index]
            if byte < 0x80 {
                guard isNameByte(byte) else { return index }
                if isUnspaced == nil { isUnspaced = false }
                index += 1
                continue
            }
            let (scalar, length) = FoldedText.scalar(of: bytes, at: index)
            guard Script.isWordPart(scalar) else { return index }
            if isUnspaced == nil { isUnspaced = Script.isUnspaced(scalar) }
            if isUnspaced == false, Script.isUnspaced(scalar) { return index }
            index += length
        }
        return index
    }

    private static func isNameByte(_ byte: UInt8) -> Bool {
        byte >= 0x80 || ASCII.isLetter(byte) || ASCII.isDigit(byte) || byte == 0x2E || byte == 0x5F || byte == 0x2D
    }

    private static func isFinalPunctuation(_ byte: UInt8) -> Bool {
        byte == 0x2E || byte == 0x21 || byte == 0x3F || byte == 0x3A
    }
}
