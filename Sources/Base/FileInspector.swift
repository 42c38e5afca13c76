/// What reading needs of a file system where it matters what others may do there: configuration,
/// keys, secrets.
///
/// Symbolic links are followed; relative paths start where the program runs.
package protocol FileInspector: Sendable {
    func status(_ path: String) throws(FilesError) -> FileStatus
    func read(_ path: String) throws(FilesError) -> [UInt8]
    /// The names in a directory, sorted.
    func list(_ path: String) throws(FilesError) -> [String]
}

/// What a path names, without reading it.
package struct FileStatus: Sendable, Hashable {
    package enum Kind: Sendable, Hashable {
        case file
        case directory
        case other
    }

    package var kind: Kind
    /// Bytes.
    package var size: Int
    /// The nine bits of owner, group and others (`0o640`).
    package var permissions: UInt16

    package init(kind: Kind, size: Int, permissions: UInt16) {
        self.kind = kind
        self.size = size
        self.permissions = permissions
    }

    /// Whether anybody could change the file.
    package var isWritableByOthers: Bool { permissions & 0o002 != 0 }

    /// Whether a key or a secret in it is one no longer.
    ///
    /// Others may read it, or more than its owner may write it; a group may read, as the key groups
    /// of distributions do.
    package var isExposed: Bool { permissions & 0o027 != 0 }
}
