internal import Text

/// Whose a handle is, and what platforms are called.
struct HandleBook: Sendable {
    private struct Entry: Sendable {
        let platform: PlatformID
        let creator: Int
    }

    private let entries: [Entry]
    /// Places in `entries` by handle, folded.
    private let byName: MultiIndex<String>
    /// Platforms by what texts call them, folded: key, name, aliases.
    let platformNames: [String: PlatformID]
    /// Hosts of profiles that are not built in.
    let profileHosts: [String: String]

    init(creators: [Creator], platforms: [Platform]) {
        var entries: [Entry] = []
        var byName = MultiIndex<String>()
        for (number, creator) in creators.enumerated() {
            for handle in creator.handles {
                byName.add(handle.name, entries.count)
                entries.append(Entry(platform: handle.platform, creator: number))
            }
        }
        self.entries = entries
        self.byName = byName
        var names: [String: PlatformID] = SocialHandles.platformNames.mapValues { PlatformID(rawValue: $0) }
        var hosts: [String: String] = [:]
        for platform in platforms {
            for name in [platform.id.rawValue, platform.name] + platform.aliases {
                names[CaseFolding.searchable(name)] = platform.id
            }
            for host in platform.profileHosts { hosts[host.name] = platform.id.rawValue }
        }
        self.platformNames = names
        self.profileHosts = hosts
    }

    /// The creators with a handle, on one platform or on any, each once.
    func creators(of name: String, on platform: PlatformID?) -> [Int] {
        var result: [Int] = []
        for place in byName[HandleName.normalised(name)] {
            let entry = entries[place]
            guard platform == nil || entry.platform == platform, !result.contains(entry.creator) else { continue }
            result.append(entry.creator)
        }
        return result
    }
}
