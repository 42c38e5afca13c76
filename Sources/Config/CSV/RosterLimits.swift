package import Base

extension Limits {
    /// A roster: 100,000 creators with all they may have take about 20 MiB.
    package static let rosterFile = 128 * 1024 * 1024
    /// A field of a roster; a longer one is most often a quote that was not closed.
    package static let rosterField = 64 * 1024
}
