/// What policy says of approving what one has written oneself.
package struct OwnMail: Hashable, Sendable {
    /// The groups whose members may approve their own mail as one of the group; none as a rule.
    package var authorsApprove: Set<String>
    /// Whether a corrected version has its editor's approval, where they may approve it.
    package var editorsApprove: Bool

    package init(authorsApprove: Set<String> = [], editorsApprove: Bool = true) {
        self.authorsApprove = authorsApprove
        self.editorsApprove = editorsApprove
    }
}
