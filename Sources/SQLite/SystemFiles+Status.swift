package import Base
internal import Glibc

extension SystemFiles: FileInspector {
    package func status(_ path: String) throws(FilesError) -> FileStatus {
        var status = stat()
        guard unsafe stat(path, &status) == 0 else {
            throw FilesError(operation: "stat", path: path, errno: errno)
        }
        let kind: FileStatus.Kind =
            switch status.st_mode & S_IFMT {
            case S_IFREG: .file
            case S_IFDIR: .directory
            default: .other
            }
        return FileStatus(kind: kind, size: Int(status.st_size), permissions: UInt16(status.st_mode & 0o777))
    }
}
