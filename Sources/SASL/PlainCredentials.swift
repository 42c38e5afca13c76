package import Base

/// What a client proves itself with where the password itself goes over the wire.
package struct PlainCredentials: Sendable {
    /// Whom the client wants to act as; empty for itself (authzid).
    package let authorization: String
    /// Whose password it is (authcid).
    package let authentication: String
    package let password: Secret

    package init(authorization: String = "", authentication: String, password: Secret) {
        self.authorization = authorization
        self.authentication = authentication
        self.password = password
    }

    /// Reads the message of PLAIN: `[authzid] NUL authcid NUL passwd`, in UTF-8 (RFC 4616 §2).
    package init?(plain message: [UInt8]) {
        guard message.count <= Limits.saslResponse else { return nil }
        let parts = message.split(separator: 0, maxSplits: 3, omittingEmptySubsequences: false)
        guard parts.count == 3, !parts[1].isEmpty, !parts[2].isEmpty,
            let authorization = String(validating: parts[0], as: UTF8.self),
            let authentication = String(validating: parts[1], as: UTF8.self)
        else { return nil }
        self.init(
            authorization: authorization,
            authentication: authentication,
            password: Secret(Array(parts[2]))
        )
    }

    /// The message of PLAIN.
    package var plainMessage: [UInt8] {
        Array(authorization.utf8) + [0] + Array(authentication.utf8) + [0] + password.exposed
    }
}
