/// Which platform or marketplace a domain belongs to: it, or one above it, is listed.
struct SenderBook: Sendable {
    enum Sender: Hashable, Sendable {
        case platform(Int)
        case marketplace(Int)
    }

    private let domains: [DomainName: Sender]

    init(platforms: [Platform], marketplaces: [Marketplace]) {
        var domains: [DomainName: Sender] = [:]
        for (number, marketplace) in marketplaces.enumerated() {
            for domain in marketplace.senderDomains { domains[domain] = .marketplace(number) }
        }
        for (number, platform) in platforms.enumerated() {
            for domain in platform.senderDomains { domains[domain] = .platform(number) }
        }
        self.domains = domains
    }

    func sender(at domain: DomainName) -> Sender? {
        for one in domain.andParents {
            if let sender = domains[one] { return sender }
        }
        return nil
    }
}
