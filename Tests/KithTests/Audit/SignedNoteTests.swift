import Kith
import Testing

@Suite struct SignedNoteTests {
    // From the tests of golang.org/x/mod/sumdb/note: a note that another implementation has signed.
    private static let key = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"

    @Test func `Keys are read and written as other implementations write them`() throws {
        #expect(SignedNote.PublicKey(Self.key)?.text == Self.key)
        let signing = try SignedNote.SigningKey(name: "kith", seed: [UInt8](repeating: 7, count: 32)).publicKey
        #expect(SignedNote.PublicKey(signing.text)?.text == signing.text)
        for broken in [
            "", "PeterNeumann", Self.key.replacing("c74f20a3", with: "c74f20a4"), Self.key.replacing("Peter", with: "Paul"),
            String(Self.key.dropLast(4)), "PRIVATE+KEY+" + Self.key,
        ] { #expect(SignedNote.PublicKey(broken) == nil, "\(broken)") }
    }
}
