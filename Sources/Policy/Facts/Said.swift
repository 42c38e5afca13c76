package import Base
package import Campaigns
package import Text
package import Triage

extension Facts {
    /// One text of a message, with what was read of it.
    package struct Said: Sendable {
        /// Where it stands, as reasons name it; `nil` for what every reader sees.
        package var place: String?
        package var searched: SearchedText
        package var amounts: [Money]
        package var terms: [ReadTerm]
        /// What it asks for.
        package var requests: Set<DataKind>
        /// The template whose text this is, unchanged.
        package var template: TemplateID?

        package init(
            place: String? = nil,
            searched: SearchedText,
            amounts: [Money] = [],
            terms: [ReadTerm] = [],
            requests: Set<DataKind> = [],
            template: TemplateID? = nil
        ) {
            self.place = place
            self.searched = searched
            self.amounts = amounts
            self.terms = terms
            self.requests = requests
            self.template = template
        }
    }
}

/// A text made ready, once, for finding the words of rules in it.
package struct SearchedText: Sendable {
    package let plain: FoldedText
    /// As a hasty eye reads it, where that differs.
    package let lookAlike: FoldedText?

    /// Nothing is found that runs on from one of the pieces to the next.
    package init(_ pieces: [String]) {
        plain = FoldedText.seen(pieces)
        lookAlike = plain.lookAlike
    }
}
