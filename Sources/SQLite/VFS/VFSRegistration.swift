internal import CSQLite
internal import Synchronization

/// A file system that SQLite knows by name, as long as this lives.
///
/// `@unchecked Sendable`: the pointers are written once, before SQLite sees them, and freed when
/// the last connection is gone; everything else is under the lock of `SharedFiles`.
@safe
package final class VFSRegistration: @unchecked Sendable {
    package let name: String
    let vfs: any VFS
    let shared = SharedFiles()
    private let table: UnsafeMutablePointer<sqlite3_vfs>
    private let cName: UnsafeMutablePointer<CChar>

    /// Registers a file system.
    ///
    /// `name`: Unique in the process.
    package init(name: String, vfs: any VFS) throws(SQLiteError) {
        self.name = name
        self.vfs = vfs
        let text = name.utf8CString
        unsafe cName = .allocate(capacity: text.count)
        for (index, character) in text.enumerated() { unsafe (cName + index).initialize(to: character) }
        unsafe table = .allocate(capacity: 1)
        unsafe table.initialize(to: sqlite3_vfs())
        unsafe table.pointee.iVersion = 1
        unsafe table.pointee.szOsFile = Int32(MemoryLayout<BridgedFile>.size)
        unsafe table.pointee.mxPathname = 1024
        unsafe table.pointee.zName = UnsafePointer(cName)
        // Connections keep the registration alive, so that the pointer outlives every call.
        unsafe table.pointee.pAppData = Unmanaged.passUnretained(self).toOpaque()
        unsafe table.pointee.xOpen = vfsOpen
        unsafe table.pointee.xDelete = vfsDelete
        unsafe table.pointee.xAccess = vfsAccess
        unsafe table.pointee.xFullPathname = vfsFullPathname
        unsafe table.pointee.xRandomness = vfsRandomness
        unsafe table.pointee.xSleep = vfsSleep
        unsafe table.pointee.xCurrentTime = vfsCurrentTime
        unsafe table.pointee.xGetLastError = vfsLastError
        let code = unsafe sqlite3_vfs_register(table, 0)
        guard code == SQLITE_OK else {
            throw SQLiteError(code: ResultCode(rawValue: code), message: "the file system \(name) cannot be registered")
        }
    }

    deinit {
        unsafe sqlite3_vfs_unregister(table)
        unsafe table.deallocate()
        unsafe cName.deallocate()
    }
}

/// The registration behind a call of SQLite.
private func registration(_ table: UnsafeMutablePointer<sqlite3_vfs>?) -> VFSRegistration? {
    guard let data = unsafe table?.pointee.pAppData else { return nil }
    return unsafe Unmanaged<VFSRegistration>.fromOpaque(data).takeUnretainedValue()
}

private func vfsOpen(
    table: UnsafeMutablePointer<sqlite3_vfs>?,
    path: UnsafePointer<CChar>?,
    file: UnsafeMutablePointer<sqlite3_file>?,
    flags: Int32,
    outFlags: UnsafeMutablePointer<Int32>?
) -> Int32 {
    guard let file = unsafe file, let registration = unsafe registration(table) else { return SQLITE_MISUSE }
    // A file without methods is one that SQLite does not close.
    unsafe file.pointee.pMethods = nil
    let journals = SQLITE_OPEN_MAIN_JOURNAL | SQLITE_OPEN_WAL | SQLITE_OPEN_SUPER_JOURNAL
    let kind: VFSFileKind =
        flags & SQLITE_OPEN_MAIN_DB != 0 ? .database : flags & journals != 0 ? .journal : .temporary
    let name = unsafe path.map { unsafe String(cString: $0) } ?? registration.shared.temporaryName()
    do throws(VFSError) {
        let opened = try registration.vfs.open(name, kind: kind, create: flags & SQLITE_OPEN_CREATE != 0)
        let deletes = flags & SQLITE_OPEN_DELETEONCLOSE != 0
        let state = OpenFile(path: name, file: opened, registration: registration, deletesOnClose: deletes)
        unsafe file.withMemoryRebound(to: BridgedFile.self, capacity: 1) { bridged in
            // Given back by vfsClose.
            unsafe bridged.pointee.state = Unmanaged.passRetained(state).toOpaque()
            unsafe bridged.pointee.base.pMethods = ioMethods.pointer
        }
        unsafe outFlags?.pointee = flags
        return SQLITE_OK
    } catch {
        return error.code
    }
}

private func vfsDelete(
    table: UnsafeMutablePointer<sqlite3_vfs>?,
    path: UnsafePointer<CChar>?,
    syncDirectory: Int32
) -> Int32 {
    guard let registration = unsafe registration(table), let path = unsafe path else { return SQLITE_MISUSE }
    do throws(VFSError) {
        try registration.vfs.delete(unsafe String(cString: path), durably: syncDirectory != 0)
        return SQLITE_OK
    } catch .notFound {
        return SQLITE_IOERR | (23 << 8)
    } catch {
        return error.code
    }
}

private func vfsAccess(
    table: UnsafeMutablePointer<sqlite3_vfs>?,
    path: UnsafePointer<CChar>?,
    flags: Int32,
    result: UnsafeMutablePointer<Int32>?
) -> Int32 {
    guard let registration = unsafe registration(table), let path = unsafe path else { return SQLITE_MISUSE }
    unsafe result?.pointee = registration.vfs.exists(unsafe String(cString: path)) ? 1 : 0
    return SQLITE_OK
}

private func vfsFullPathname(
    table: UnsafeMutablePointer<sqlite3_vfs>?,
    path: UnsafePointer<CChar>?,
    capacity: Int32,
    result: UnsafeMutablePointer<CChar>?
) -> Int32 {
    guard let path = unsafe path, let result = unsafe result else { return SQLITE_MISUSE }
    var index = 0
    while unsafe path[index] != 0 {
        guard index + 1 < Int(capacity) else { return SQLITE_CANTOPEN }
        unsafe result[index] = path[index]
        index += 1
    }
    unsafe result[index] = 0
    return SQLITE_OK
}

/// Nothing of the store asks SQLite for random numbers; the log's salt starts from these zeros.
private func vfsRandomness(
    table: UnsafeMutablePointer<sqlite3_vfs>?,
    count: Int32,
    result: UnsafeMutablePointer<CChar>?
) -> Int32 {
    for index in 0..<Int(count) { unsafe result?[index] = 0 }
    return count
}

/// Waiting changes nothing in simulation: whoever holds a lock is not running.
private func vfsSleep(table: UnsafeMutablePointer<sqlite3_vfs>?, microseconds: Int32) -> Int32 { microseconds }

/// The store passes every time as a value.
private func vfsCurrentTime(table: UnsafeMutablePointer<sqlite3_vfs>?, day: UnsafeMutablePointer<Double>?) -> Int32 {
    unsafe day?.pointee = 2_460_000
    return SQLITE_OK
}

private func vfsLastError(
    table: UnsafeMutablePointer<sqlite3_vfs>?,
    count: Int32,
    text: UnsafeMutablePointer<CChar>?
) -> Int32 { 0 }
