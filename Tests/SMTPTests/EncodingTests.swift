import NIOCore
import Testing
@testable import SMTP
import struct FoundationEssentials.Data
import struct FoundationEssentials.Date

@Suite struct EncodingTests {
    @Test(arguments: [
        "a@b.org", "first.last+tag@sub.example.co.uk", "o'brien@example.org", "x_y=z@a-b.example",
    ])
    func `An address that mail can be sent to is taken`(text: String) {
        #expect(EmailAddress(text)?.description == text)
    }

    @Test(arguments: [
        "", "@", "a@", "@b.org", "a b@c.org", "a@b.org>", "<a@b.org", "a@b.org\r\nRCPT TO:<c@d.org", "a\n@b.org", "a@b\u{0}.org",
        "a..b@c.org",
        ".a@b.org", "a@-b.org", "a@b-.org", "a@b..org", "ä@b.org", "a@bücher.example", "a@b@c", "\"a b\"@c.org", "a,b@c.org",
        String(repeating: "a", count: 65) + "@b.org",
    ])
    func `Whatever could end a command is no address`(text: String) {
        #expect(EmailAddress(text) == nil)
    }

    @Test func `A header cannot hold another`() {
        #expect(HeaderField("X-A", "b\r\nBcc: c@d.org") == nil)
        #expect(HeaderField("X-A\r\nBcc", "c@d.org") == nil)
        #expect(HeaderField("X-A: b", "c") == nil)
        #expect(HeaderField("", "c") == nil)
        #expect(HeaderField("X-A", "bücher") == nil)
        #expect(HeaderField("List-Id", "<a.b>") != nil)
        #expect(Email.Attachment(name: "a\"\r\nB: c", mediaType: "text/plain", content: []) == nil)
        #expect(Email.Attachment(name: "a.ics", mediaType: "text/calendar\r\nB: c", content: []) == nil)
    }

    @Test(arguments: [
        "Plain", "Gwahoddiad i ymuno â'r panel: croeso cynnes i bawb o Ynys Môn a thu hwnt, dewch yn llu os gwelwch yn dda",
        "=?utf-8?B?QQ==?=",
        "a\r\nBcc: x@y.org", "👩🏽‍🦽 and 👨‍👩‍👧‍👦, again and again: 👩🏽‍🦽👩🏽‍🦽👩🏽‍🦽👩🏽‍🦽👩🏽‍🦽", String(repeating: "long ", count: 60), "",
    ])
    func `A subject never ends its line or leaves 76 columns`(subject: String) throws {
        let address = try #require(EmailAddress("a@b.org"))
        let from = Mailbox(address, name: subject)
        let email = Email(from: from, to: from, subject: subject, text: "t")
        let lines = String(decoding: email.bytes, as: UTF8.self).components("\r\n")
        let head = lines.prefix { !$0.isEmpty }
        #expect(head.allSatisfy { $0.utf8.count <= 78 })
        #expect(!head.contains { $0.hasPrefix("Bcc:") })
        #expect(email.bytes.allSatisfy { $0 < 0x80 })
    }

    @Test(arguments: 0..<200)
    func `Any text comes back from quoted-printable as it was`(seed: Int) throws {
        var state = UInt64(seed) &* 0x9E37_79B9_7F4A_7C15 | 1
        func next(_ bound: Int) -> Int {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int(state >> 33) % bound
        }
        let pieces = ["a", " ", "\t", "=", ".", "\n", "ŵ", "€", "😀", "From ", String(repeating: "x", count: 74), " \n", ".\n", "==\n"]
        let text = (0..<next(80)).map { _ in pieces[next(pieces.count)] }.joined()
        let encoded = Encodings.quotedPrintable(text)
        #expect(encoded.components("\r\n").allSatisfy { $0.utf8.count <= 76 && $0.last != " " && $0.last != "\t" })
        #expect(decode(encoded) == text + "\n")
    }

    @Test func `A line that begins with a dot gets another`() {
        func sent(_ text: String) -> String { String(buffer: SMTPSession.text(Array(text.utf8))) }
        #expect(sent(".\r\n..a\r\nb.\r\n") == "..\r\n...a\r\nb.\r\n.\r\n")
        #expect(sent("a") == "a\r\n.\r\n")
    }

    @Test func `A date is written as mail writes it`() {
        #expect(Date(timeIntervalSince1970: 1_795_272_008).mailText == "Sat, 21 Nov 2026 14:40:08 +0000")
    }

    @Test func `A configuration is read from an address, which holds no password`() throws {
        let usual = try #require(SMTPConfiguration(url: "smtp://kith@mail.example.org", password: "p"))
        #expect(usual.port == 587 && usual.security == .required && usual.credentials?.user == "kith")
        let implicit = try #require(SMTPConfiguration(url: "smtps://[::1]"))
        #expect(implicit.port == 465 && implicit.security == .implicit && implicit.host == "::1")
        #expect(SMTPConfiguration(url: "smtp://localhost:25?security=none")?.security == SMTPConfiguration.Security.none)
        for url in [
            "http://a", "smtp://", "smtp://a:b@c", "smtp://kith@a", "smtp://a?security=maybe", "smtps://a?security=none", "smtp://a/b",
        ] {
            #expect(SMTPConfiguration(url: url) == nil, "\(url)")
        }
    }

    @Test func `A reply is read however it is cut, and what is none is refused`() throws {
        let bytes = Array("250-mail.test\r\n250-STARTTLS\r\n250 AUTH LOGIN PLAIN\r\n".utf8)
        for cut in 0...bytes.count {
            var parser = ReplyParser()
            parser.append(bytes[..<cut])
            let early = try parser.next()
            parser.append(bytes[cut...])
            let reply = try #require(try early ?? parser.next())
            #expect(reply.code == 250 && reply.offers("STARTTLS") && reply.offers("AUTH", "PLAIN") && !reply.offers("SIZE"))
            #expect(parser.isEmpty)
        }
        for wrong in ["HTTP/1.1 400 Bad Request\r\n", "99 a\r\n", "250-a\r\n251 b\r\n", "250_a\r\n", String(repeating: "2", count: 9000)] {
            var parser = ReplyParser()
            parser.append(wrong.utf8)
            #expect(throws: ReplyParser.Failure.self) { _ = try parser.next() }
        }
    }

    private func decode(_ text: String) -> String {
        var bytes: [UInt8] = []
        for line in text.components("\r\n").dropLast() {
            var rest = Substring(line)
            let isSoft = rest.last == "="
            if isSoft { rest.removeLast() }
            while let character = rest.popFirst() {
                if character == "=" {
                    bytes.append(UInt8(rest.prefix(2), radix: 16)!)
                    rest = rest.dropFirst(2)
                } else {
                    bytes += String(character).utf8
                }
            }
            if !isSoft { bytes.append(0x0a) }
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}

extension String {
    func components(_ separator: String) -> [String] {
        split(separator: separator, omittingEmptySubsequences: false).map(String.init)
    }
}
