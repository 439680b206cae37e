import Glibc

/// The few file operations that the cluster needs, with the modes and the durability that it needs.
enum Files {
    /// The text of a small file, or `nil` when it cannot be read.
    static func read(_ path: String) -> String? {
        // O_NONBLOCK: a pipe with a file's name must not make root wait.
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        var result: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 16_384)
        while true {
            let count = Glibc.read(descriptor, &chunk, chunk.count)
            if count < 0 { return nil }
            if count == 0 { return String(decoding: result, as: UTF8.self) }
            result += chunk[..<count]
        }
    }

    /// Writes a file under another name, makes it durable and renames it.
    static func write(_ text: String, to path: String, mode: mode_t) throws(EmbeddedClusterError) {
        let draft = path + ".new"
        unlink(draft)
        let descriptor = open(draft, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, mode)
        guard descriptor >= 0 else { throw .folderNotWritable(path, errno) }
        let bytes = Array(text.utf8)
        let written = Glibc.write(descriptor, bytes, bytes.count) == bytes.count && fsync(descriptor) == 0
        let reason = errno
        close(descriptor)
        guard written, rename(draft, path) == 0 else { throw .folderNotWritable(path, written ? errno : reason) }
        synchronise(folder: String(path[..<(path.lastIndex(of: "/") ?? path.startIndex)]))
    }

    /// Makes the names in a folder durable. A file system that cannot do it for folders does it by itself.
    static func synchronise(folder: String) {
        let descriptor = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { return }
        fsync(descriptor)
        close(descriptor)
    }

    /// Creates a folder and those above it. What exists is left as it is.
    static func createFolders(_ path: String, mode: mode_t) throws(EmbeddedClusterError) {
        let parts = path.split(separator: "/")
        var current = ""
        for (index, part) in parts.enumerated() {
            current += "/" + part
            if mkdir(current, index == parts.count - 1 ? mode : 0o755) == 0 { continue }
            let reason = errno
            guard isFolder(current) else { throw .folderNotWritable(path, reason == EEXIST ? ENOTDIR : reason) }
        }
    }

    /// The bytes that an ordinary user may still write to the disk that holds a path; `nil` when they cannot be told.
    static func freeBytes(at path: String) -> Int? {
        var information = statvfs()
        guard statvfs(path, &information) == 0 else { return nil }
        return Int(clamping: information.f_bavail).multipliedReportingOverflow(by: Int(clamping: information.f_frsize)).partialValue
    }

    /// When a file was last written, in seconds since 1970; 0 for a file that is not there.
    static func changed(_ path: String) -> Int {
        var information = stat()
        return stat(path, &information) == 0 ? information.st_mtim.tv_sec : 0
    }

    /// Whether this process may run the program.
    static func isExecutable(_ path: String) -> Bool { access(path, X_OK) == 0 }

    /// Whether the path is a folder, or a symbolic link to one.
    static func isFolder(_ path: String) -> Bool {
        var information = stat()
        return stat(path, &information) == 0 && information.st_mode & S_IFMT == S_IFDIR
    }

    /// The path without symbolic links, `.` or `..`; `nil` when it does not exist.
    static func resolved(_ path: String) -> String? {
        guard let result = realpath(path, nil) else { return nil }
        defer { free(result) }
        return String(cString: result)
    }

    /// The names in a folder, in no order; none when it cannot be read.
    static func names(in folder: String) -> [String] {
        guard let stream = opendir(folder) else { return [] }
        defer { closedir(stream) }
        var names: [String] = []
        while let entry = readdir(stream) {
            let name = withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
                String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
            }
            if name != "." && name != ".." { names.append(name) }
        }
        return names
    }
}
