internal import CSQLite

/// The memory that SQLite keeps for an open file: its own part first, then ours.
@safe
struct BridgedFile {
    var base: sqlite3_file
    /// A retained `OpenFile`, until vfsClose.
    var state: UnsafeMutableRawPointer?
}

/// One file that a connection has open.
final class OpenFile {
    let path: String
    let file: any VFSFile
    let registration: VFSRegistration
    let deletesOnClose: Bool
    /// The lock that this connection has on the file.
    var lock: Int32 = SQLITE_LOCK_NONE
    /// Whether it has joined the file's shared memory.
    var hasSharedMemory = false

    init(path: String, file: any VFSFile, registration: VFSRegistration, deletesOnClose: Bool) {
        self.path = path
        self.file = file
        self.registration = registration
        self.deletesOnClose = deletesOnClose
    }
}

/// SQLite's table of what can be done with a file; made once, never changed, never freed.
///
/// `@unchecked Sendable` for that reason.
@safe
struct IOMethods: @unchecked Sendable {
    let pointer: UnsafePointer<sqlite3_io_methods>
}

let ioMethods: IOMethods = {
    let methods = UnsafeMutablePointer<sqlite3_io_methods>.allocate(capacity: 1)
    unsafe methods.initialize(to: sqlite3_io_methods())
    unsafe methods.pointee.iVersion = 2
    unsafe methods.pointee.xClose = fileClose
    unsafe methods.pointee.xRead = fileRead
    unsafe methods.pointee.xWrite = fileWrite
    unsafe methods.pointee.xTruncate = fileTruncate
    unsafe methods.pointee.xSync = fileSync
    unsafe methods.pointee.xFileSize = fileSize
    unsafe methods.pointee.xLock = fileLock
    unsafe methods.pointee.xUnlock = fileUnlock
    unsafe methods.pointee.xCheckReservedLock = fileCheckReservedLock
    unsafe methods.pointee.xFileControl = fileControl
    unsafe methods.pointee.xSectorSize = fileSectorSize
    unsafe methods.pointee.xDeviceCharacteristics = fileDeviceCharacteristics
    unsafe methods.pointee.xShmMap = sharedMemoryMap
    unsafe methods.pointee.xShmLock = sharedMemoryLock
    unsafe methods.pointee.xShmBarrier = sharedMemoryBarrier
    unsafe methods.pointee.xShmUnmap = sharedMemoryUnmap
    return unsafe IOMethods(pointer: UnsafePointer(methods))
}()

/// Runs a closure with the open file behind a call of SQLite; its error becomes SQLite's code.
private func with(
    _ file: UnsafeMutablePointer<sqlite3_file>?,
    _ body: (OpenFile) throws(VFSError) -> Int32
) -> Int32 {
    guard let file = unsafe file else { return SQLITE_MISUSE }
    let state = unsafe file.withMemoryRebound(to: BridgedFile.self, capacity: 1) { unsafe $0.pointee.state }
    guard let state = unsafe state else { return SQLITE_MISUSE }
    do throws(VFSError) {
        return try body(unsafe Unmanaged<OpenFile>.fromOpaque(state).takeUnretainedValue())
    } catch {
        return error.code
    }
}

private func fileClose(file: UnsafeMutablePointer<sqlite3_file>?) -> Int32 {
    guard let file = unsafe file else { return SQLITE_MISUSE }
    return unsafe file.withMemoryRebound(to: BridgedFile.self, capacity: 1) { bridged in
        guard let state = unsafe bridged.pointee.state else { return SQLITE_OK }
        unsafe bridged.pointee.state = nil
        let open = unsafe Unmanaged<OpenFile>.fromOpaque(state).takeRetainedValue()
        open.registration.shared.unlock(open, to: SQLITE_LOCK_NONE)
        if open.deletesOnClose { try? open.registration.vfs.delete(open.path, durably: false) }
        return SQLITE_OK
    }
}

private func fileRead(
    file: UnsafeMutablePointer<sqlite3_file>?,
    buffer: UnsafeMutableRawPointer?,
    count: Int32,
    offset: Int64
) -> Int32 {
    unsafe with(file) { (open) throws(VFSError) in
        let bytes = try open.file.read(at: Int(offset), count: Int(count))
        guard let buffer = unsafe buffer else { return SQLITE_MISUSE }
        let target = unsafe UnsafeMutableRawBufferPointer(start: buffer, count: Int(count))
        unsafe target.copyBytes(from: bytes.prefix(Int(count)))
        guard bytes.count < Int(count) else { return SQLITE_OK }
        // SQLite wants the rest of a short read filled with zeros.
        for index in bytes.count..<Int(count) { unsafe target[index] = 0 }
        return SQLITE_IOERR | (2 << 8)
    }
}

private func fileWrite(
    file: UnsafeMutablePointer<sqlite3_file>?,
    buffer: UnsafeRawPointer?,
    count: Int32,
    offset: Int64
) -> Int32 {
    unsafe with(file) { (open) throws(VFSError) in
        let bytes = unsafe [UInt8](UnsafeRawBufferPointer(start: buffer, count: Int(count)))
        try open.file.write(bytes, at: Int(offset))
        return SQLITE_OK
    }
}

private func fileTruncate(file: UnsafeMutablePointer<sqlite3_file>?, size: Int64) -> Int32 {
    unsafe with(file) { (open) throws(VFSError) in
        try open.file.truncate(to: Int(size))
        return SQLITE_OK
    }
}

private func fileSync(file: UnsafeMutablePointer<sqlite3_file>?, flags: Int32) -> Int32 {
    unsafe with(file) { (open) throws(VFSError) in
        try open.file.sync()
        return SQLITE_OK
    }
}

private func fileSize(file: UnsafeMutablePointer<sqlite3_file>?, size: UnsafeMutablePointer<Int64>?) -> Int32 {
    unsafe with(file) { (open) throws(VFSError) in
        unsafe size?.pointee = Int64(try open.file.size())
        return SQLITE_OK
    }
}

private func fileLock(file: UnsafeMutablePointer<sqlite3_file>?, level: Int32) -> Int32 {
    unsafe with(file) { (open) throws(VFSError) in
        open.registration.shared.lock(open, to: level) ? SQLITE_OK : SQLITE_BUSY
    }
}

private func fileUnlock(file: UnsafeMutablePointer<sqlite3_file>?, level: Int32) -> Int32 {
    unsafe with(file) { (open) throws(VFSError) in
        open.registration.shared.unlock(open, to: level)
        return SQLITE_OK
    }
}

private func fileCheckReservedLock(
    file: UnsafeMutablePointer<sqlite3_file>?,
    result: UnsafeMutablePointer<Int32>?
) -> Int32 {
    unsafe with(file) { (open) throws(VFSError) in
        unsafe result?.pointee = open.registration.shared.isReserved(open.path) ? 1 : 0
        return SQLITE_OK
    }
}

private func fileControl(
    file: UnsafeMutablePointer<sqlite3_file>?,
    operation: Int32,
    argument: UnsafeMutableRawPointer?
) -> Int32 { SQLITE_NOTFOUND }

private func fileSectorSize(file: UnsafeMutablePointer<sqlite3_file>?) -> Int32 { 4096 }

/// As the system's file system says of itself: a torn write damages nothing beside it.
private func fileDeviceCharacteristics(file: UnsafeMutablePointer<sqlite3_file>?) -> Int32 {
    SQLITE_IOCAP_POWERSAFE_OVERWRITE
}

private func sharedMemoryMap(
    file: UnsafeMutablePointer<sqlite3_file>?,
    region: Int32,
    size: Int32,
    extend: Int32,
    result: UnsafeMutablePointer<UnsafeMutableRawPointer?>?
) -> Int32 {
    unsafe with(file) { (open) throws(VFSError) in
        unsafe result?.pointee = open.registration.shared.map(open, region: Int(region), size: Int(size), extend != 0)
        return SQLITE_OK
    }
}

private func sharedMemoryLock(
    file: UnsafeMutablePointer<sqlite3_file>?,
    offset: Int32,
    count: Int32,
    flags: Int32
) -> Int32 {
    unsafe with(file) { (open) throws(VFSError) in
        let slots = Int(offset)..<Int(offset + count)
        let exclusive = flags & SQLITE_SHM_EXCLUSIVE != 0
        guard flags & SQLITE_SHM_LOCK != 0 else {
            open.registration.shared.unlockMemory(open, slots, exclusive: exclusive)
            return SQLITE_OK
        }
        return open.registration.shared.lockMemory(open, slots, exclusive: exclusive) ? SQLITE_OK : SQLITE_BUSY
    }
}

/// The lock around every other call orders memory already.
private func sharedMemoryBarrier(file: UnsafeMutablePointer<sqlite3_file>?) {
    _ = unsafe with(file) { (open) throws(VFSError) in
        open.registration.shared.barrier()
        return SQLITE_OK
    }
}

private func sharedMemoryUnmap(file: UnsafeMutablePointer<sqlite3_file>?, delete: Int32) -> Int32 {
    unsafe with(file) { (open) throws(VFSError) in
        open.registration.shared.unmap(open)
        return SQLITE_OK
    }
}
