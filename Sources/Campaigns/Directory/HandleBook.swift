internal import Text

/// Whose a handle is, and what platforms are called.
struct HandleBook: Sendable {
    private let creators: [Creator]
    /// Creators' numbers by handle, folded.
    private let byName: PackedIndex
    /// Platforms by what texts call them, folded: key, name, aliases.
    let platformNames: [String: PlatformID]
    /// Hosts of profiles that are not built in.
    let profileHosts: [String: String]

    init(creators: [Creator], platforms: [Platform]) {
        var entries: [(hash: UInt64, number: Int)] = []
        entries.reserveCapacity(creators.count)
        for (number, creator) in creators.enumerated() {
            for handle in creator.handles { entries.append((handle.name.packedHash, number)) }
        }
        self.creators = creators
        self.byName = PackedIndex(entries)
        var names: [String: PlatformID] = SocialHandles.platformNames.mapValues {
            PlatformID(rawValue: $0)
        }
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
        let name = HandleName.normalised(name)
        return byName.numbers(name.packedHash).filter { number in
            creators[number].handles.contains {
                $0.name == name && (platform == nil || $0.platform == platform)
            }
        }
    }
}
