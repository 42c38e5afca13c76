/// How the addresses of one platform's profiles and posts are built.
struct SocialSite {
    let platform: String
    /// Whether a handle stands behind `@` in the path.
    var needsAt = false
    /// First segments that stand before a handle: `youtube.com/c/name`.
    var leading: Set<String> = []
    /// First segments that are no handle.
    var reserved: Set<String> = []

    func account(_ first: String, _ others: [String], _ range: Range<Int>) -> HandleMention? {
        var name = CaseFolding.simple(first)
        var rest = others[...]
        if leading.contains(name) {
            guard let next = rest.popFirst() else { return nil }
            name = CaseFolding.simple(next)
        } else if needsAt {
            guard name.hasPrefix("@") else { return nil }
        }
        if name.hasPrefix("@") { name.removeFirst() }
        guard !reserved.contains(name), Self.isHandle(name) else { return nil }
        let isPost = rest.contains { !Self.tabs.contains(CaseFolding.simple($0)) }
        return HandleMention(name: name, platform: platform, form: isPost ? .post : .profile, range: range)
    }

    /// What may follow a handle and is still the profile.
    private static let tabs: Set<String> = [
        "about", "videos", "shorts", "reels", "tagged", "featured", "photos", "with_replies", "media", "playlists",
    ]

    private static func isHandle(_ name: String) -> Bool {
        !name.isEmpty && name.utf8.count <= 100
            && name.unicodeScalars.allSatisfy {
                Script.isWordPart($0.value) || $0 == "." || $0 == "_" || $0 == "-"
            }
    }
}

extension SocialHandles {
    /// The platform of a host, without `www.` before it.
    static func site(_ host: String, _ hosts: [String: String]) -> SocialSite? {
        if let site = sites[host] { return site }
        if let platform = hosts[host] { return SocialSite(platform: platform) }
        // pinterest.de, pinterest.co.uk, de.pinterest.com
        if host.hasPrefix("pinterest.") || host.hasSuffix(".pinterest.com") { return sites["pinterest.com"] }
        return nil
    }

    private static let sites: [String: SocialSite] = {
        let instagram = SocialSite(
            platform: "instagram",
            leading: ["_u"],
            reserved: ["p", "reel", "reels", "tv", "stories", "explore", "accounts", "direct", "share", "about"]
        )
        let tiktok = SocialSite(platform: "tiktok", needsAt: true)
        let youtube = SocialSite(platform: "youtube", needsAt: true, leading: ["c", "user"])
        let x = SocialSite(
            platform: "x",
            reserved: ["home", "i", "search", "hashtag", "intent", "share", "explore", "settings", "messages"]
        )
        let threads = SocialSite(platform: "threads", needsAt: true)
        let twitch = SocialSite(platform: "twitch", reserved: ["directory", "videos", "settings", "p"])
        let pinterest = SocialSite(platform: "pinterest", reserved: ["pin", "ideas", "search", "today"])
        let facebook = SocialSite(
            platform: "facebook",
            leading: ["pg"],
            reserved: [
                "groups", "watch", "events", "story.php", "profile.php", "photo", "photo.php", "sharer", "share",
                "sharer.php", "pages", "hashtag", "reel", "login", "help", "marketplace", "people",
            ]
        )
        let naver = SocialSite(platform: "naver-blog", reserved: ["postview.naver", "postview.nhn"])
        return [
            "instagram.com": instagram, "instagr.am": instagram, "tiktok.com": tiktok, "youtube.com": youtube,
            "x.com": x, "twitter.com": x, "threads.net": threads, "threads.com": threads, "twitch.tv": twitch,
            "pinterest.com": pinterest, "facebook.com": facebook, "fb.com": facebook, "blog.naver.com": naver,
        ]
    }()
}
