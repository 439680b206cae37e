import Kith
import Testing

@Suite struct SignedNoteTests {
    // From the tests of golang.org/x/mod/sumdb/note: a note that another implementation has signed.
    private static let key = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"

    @Test func `Keys are read and written as other implementations write them`() throws {
        #expect(SignedNote.PublicKey(Self.key)?.text == Self.key)
        let signing = SignedNote.SigningKey(name: "kith")
        #expect(SignedNote.SigningKey(signing.text)?.publicKey.text == signing.publicKey.text)
        for broken in [
            "", "PeterNeumann", Self.key.replacing("c74f20a3", with: "c74f20a4"), Self.key.replacing("Peter", with: "Paul"),
            String(Self.key.dropLast(4)), signing.text,
        ] { #expect(SignedNote.PublicKey(broken) == nil, "\(broken)") }
        #expect(SignedNote.SigningKey(signing.publicKey.text) == nil)
    }
}
