/// Who we are: what makes an address *own* (MATCHING §0).
package struct OwnIdentity: Hashable, Sendable {
    /// The brand's domains, exactly these; a subdomain is own only when listed.
    package var domains: [DomainName]
    /// The addresses of the served accounts.
    package var mailboxes: [Address]
    /// Addresses that our own web forms send from (MATCHING §5.3).
    package var formSenders: [Address]
    /// The addresses of the team's people.
    package var team: [Address]

    package init(
        domains: [DomainName] = [],
        mailboxes: [Address] = [],
        formSenders: [Address] = [],
        team: [Address] = []
    ) {
        self.domains = domains
        self.mailboxes = mailboxes
        self.formSenders = formSenders
        self.team = team
    }
}
