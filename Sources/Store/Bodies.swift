internal import Base
internal import Crypto
internal import Synchronization

/// The bytes of messages: small ones in the database, large ones in files named by their hash.
///
/// A file is durable before the commit that names it (INV-2), and its bytes are checked against
/// the hash when they are read whole (INV-3).
final class Bodies: Sendable {
    let files: any Files
    let pins = BodyPins()
    private let maker: StructureMaker?
    private let directory: String
    /// Backups that run: nothing is removed meanwhile.
    private let backups = Mutex(0)

    init(directory: String, files: any Files, maker: StructureMaker? = nil) {
        self.directory = directory + "/bodies"
        self.files = files
        self.maker = maker
    }

    /// Takes in the bytes of a body and parses them; large ones are durable on return.
    func prepare(_ bytes: [UInt8], isShown: Bool = true) throws(StoreError) -> StoredBody {
        let hash = SHA256.hash(bytes)
        let pin = pins.pin(hash)
        let structure = isShown ? maker?.make(bytes) : nil
        guard bytes.count > Limits.bodyInDatabase else {
            return StoredBody(hash: hash, size: bytes.count, bytes: bytes, structure: structure, pin: pin)
        }
        do throws(FilesError) {
            // Written again even where the file is there: only a commit proves that its name is durable.
            try files.makeDirectory(folder(of: hash))
            try files.writeDurably(bytes, to: path(of: hash))
        } catch {
            throw StoreError(error)
        }
        return StoredBody(hash: hash, size: bytes.count, bytes: nil, structure: structure, pin: pin)
    }

    /// All bytes of a body, checked.
    func read(_ hash: [UInt8], at place: BodyPlace) throws(StoreError) -> [UInt8] {
        let bytes: [UInt8]
        switch place {
        case .database(let stored): bytes = stored
        case .file:
            do throws(FilesError) { bytes = try files.read(path(of: hash)) } catch { throw StoreError(error) }
        }
        guard SHA256.hash(bytes) == hash else { throw .damagedBody(Hexadecimal.encode(hash)) }
        return bytes
    }

    /// Checks a body that lies in a file against its hash, without holding it whole.
    func check(_ hash: [UInt8], size: Int) throws(StoreError) {
        var digest = SHA256()
        var position = 0
        while position < size {
            let end = min(size, position + Self.checkedSlice)
            digest.update(try read(hash, position..<end))
            position = end
        }
        guard digest.finish() == hash else { throw .damagedBody(Hexadecimal.encode(hash)) }
    }

    private static let checkedSlice = 1024 * 1024

    /// Some bytes of a body that lies in a file.
    func read(_ hash: [UInt8], _ range: Range<Int>) throws(StoreError) -> [UInt8] {
        let bytes: [UInt8]
        do throws(FilesError) {
            bytes = try files.read(path(of: hash), at: range.lowerBound, count: range.count)
        } catch {
            throw StoreError(error)
        }
        guard bytes.count == range.count else { throw .damagedBody(Hexadecimal.encode(hash)) }
        return bytes
    }

    /// Copies the file of a body to the same place under another directory, checked.
    func copy(_ hash: [UInt8], to other: Bodies) throws(StoreError) {
        let bytes = try read(hash, at: .file(size: 0))
        do throws(FilesError) {
            try other.files.makeDirectory(other.folder(of: hash))
            try other.files.writeDurably(bytes, to: other.path(of: hash))
        } catch {
            throw StoreError(error)
        }
    }

    // MARK: Removal

    /// Removes files whose bodies no row names, unless somebody holds the body.
    ///
    /// Called inside a change that has looked: no other change can name the body meanwhile.
    func remove(_ unused: [BodyFile]) {
        backups.withLock { backups in
            guard backups == 0 else { return }
            for file in unused {
                // A file that stays is found by the next sweep.
                pins.unlessPinned(file.hash) { try? files.remove(file.path) }
            }
        }
    }

    /// Every body file, unfinished ones of crashed writes among them.
    func list() throws(StoreError) -> [BodyFile] {
        guard files.exists(directory) else { return [] }
        var found: [BodyFile] = []
        do throws(FilesError) {
            for folder in try files.list(directory) {
                for name in try files.list("\(directory)/\(folder)") {
                    let digits = SHA256.digestSize * 2
                    guard let hash = Hexadecimal.decode(name.prefix(digits)), hash.count == SHA256.digestSize else {
                        continue
                    }
                    let path = "\(directory)/\(folder)/\(name)"
                    found.append(BodyFile(hash: hash, path: path, isFinished: name.utf8.count == digits))
                }
            }
        } catch {
            throw StoreError(error)
        }
        return found
    }

    /// Keeps every file in place while the closure runs.
    func keepingAll<Value>(_ body: () throws -> Value) rethrows -> Value {
        backups.withLock { $0 += 1 }
        defer { backups.withLock { $0 -= 1 } }
        return try body()
    }

    private func folder(of hash: [UInt8]) -> String {
        "\(directory)/\(Hexadecimal.encode(hash.prefix(1)))"
    }

    func path(of hash: [UInt8]) -> String {
        "\(folder(of: hash))/\(Hexadecimal.encode(hash))"
    }
}

/// A file among the bodies.
struct BodyFile: Hashable, Sendable {
    let hash: [UInt8]
    let path: String
    /// Whether it stands under its final name.
    let isFinished: Bool
}
