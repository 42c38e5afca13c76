package import Policy

/// One case of `policies/tests/*.toml` and what came of it.
package struct PolicyCaseResult: Sendable, Hashable {
    package let name: String
    /// `config/policies/tests/rates.toml:12:3`.
    package let place: String
    package let verdict: Verdict
    /// How the verdict differs from what the case expects; `nil` where it does not.
    package let difference: String?
}
