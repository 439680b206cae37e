import struct FoundationEssentials.UUID

extension Email {
    /// The mail as it travels (RFC 5322, RFC 2045 to 2047), before the transport doubles leading dots.
    public var bytes: [UInt8] {
        var head = "Date: \(date.mailText)\r\n"
        head += "From: \(Self.field(from))\r\nTo: \(Self.field(to))\r\n"
        head += "Subject: \(Encodings.header(subject))\r\n"
        head += "Message-ID: <\("\(id)".lowercased())@\(from.address.domain)>\r\nMIME-Version: 1.0\r\n"
        for header in headers { head += "\(header.name): \(header.value)\r\n" }
        return Array((head + part.text).utf8)
    }

    private var part: Part {
        var alternatives = [Part.text(text, "plain")]
        if let html { alternatives.append(.text(html, "html")) }
        alternatives += attachments.filter(\.isAlternative).map(Part.inline)
        let body = alternatives.count == 1 ? alternatives[0] : .multipart("alternative", alternatives)
        let files = attachments.filter { !$0.isAlternative }.map(Part.attached)
        return files.isEmpty ? body : .multipart("mixed", [body] + files)
    }

    private static func field(_ mailbox: Mailbox) -> String {
        guard let name = mailbox.name, !name.isEmpty else { return "\(mailbox.address)" }
        // A long name and the address need a line each.
        return "\(Encodings.phrase(name))\r\n <\(mailbox.address)>"
    }
}

/// One part of a body with its own headers.
private struct Part {
    let text: String

    static func text(_ text: String, _ kind: String) -> Part {
        Part(
            text: "Content-Type: text/\(kind); charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n"
                + Encodings.quotedPrintable(text))
    }

    static func inline(_ file: Email.Attachment) -> Part {
        Part(
            text: "Content-Type: \(file.mediaType.value)\r\nContent-Transfer-Encoding: base64\r\n\r\n" + Encodings.base64(file.content))
    }

    static func attached(_ file: Email.Attachment) -> Part {
        Part(
            text: "Content-Type: \(file.mediaType.value)\r\nContent-Transfer-Encoding: base64\r\n"
                + "Content-Disposition: attachment; filename=\"\(file.name)\"\r\n\r\n" + Encodings.base64(file.content))
    }

    static func multipart(_ kind: String, _ parts: [Part]) -> Part {
        // Random, so that no text can hold it.
        let boundary = "part-\(UUID())"
        return Part(
            text: "Content-Type: multipart/\(kind);\r\n boundary=\"\(boundary)\"\r\n\r\n"
                + parts.map { "--\(boundary)\r\n\($0.text)\r\n" }.joined() + "--\(boundary)--\r\n")
    }
}
