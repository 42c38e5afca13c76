internal import Base

/// What a header says of being sent by a machine or to many (RFC 3834, RFC 2369, RFC 2919).
package struct AutomaticMarks: Sendable, Hashable {
    /// Auto-Submitted in lower case, without parameters; `nil` where it is missing.
    package let autoSubmitted: String?
    /// Precedence in lower case.
    package let precedence: String?
    package let hasListID: Bool
    package let hasListUnsubscribe: Bool
    /// X-Autoreply and its kin.
    package let hasAutoreplyField: Bool
    /// A delivery report or a receipt (RFC 6522).
    package let isReport: Bool

    package init(_ header: Header) {
        func word(_ name: String) -> String? {
            guard let value = header.value(name) else { return nil }
            var cursor = ByteCursor(value.span)
            cursor.skipCFWS()
            return cursor.takeToken()
        }
        autoSubmitted = word("Auto-Submitted")
        precedence = word("Precedence")
        hasListID = header.contains("List-Id")
        hasListUnsubscribe = header.contains("List-Unsubscribe")
        hasAutoreplyField = ["X-Autoreply", "X-Autorespond", "X-Auto-Reply"].contains {
            header.contains($0) && word($0) != "no"
        }
        isReport = MediaType(header: header)?.name == "multipart/report"
    }

    /// A machine's answer: MATCHING §4.3.
    ///
    /// Such mail never counts as a reply.
    package var isAutomaticReply: Bool {
        (autoSubmitted.map { $0 != "no" } ?? false) || precedence == "auto_reply" || precedence == "auto-reply"
            || hasAutoreplyField
    }

    /// A mass mailing: MATCHING §4.1.
    package var isBulk: Bool {
        !isAutomaticReply && (hasListID || hasListUnsubscribe || precedence == "bulk" || precedence == "list")
    }
}
