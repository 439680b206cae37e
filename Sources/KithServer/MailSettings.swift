import Configuration
import Kith
import SMTP
import struct FoundationEssentials.Data
import struct FoundationEssentials.URL

/// How mail is sent, as the environment says it. The password is never part of an address and never an argument.
public struct MailSettings: Sendable {
    /// The mail server: `smtp://user@host:587`, or `smtps://` for encryption from the first byte; `?security=none` for one on this
    /// machine. `KITH_SMTP_URL`.
    public var url: String?
    /// The user's password. `KITH_SMTP_PASSWORD`, or a file that holds it: `KITH_SMTP_PASSWORD_FILE`.
    public var password: String?, passwordFile: String?
    /// A file of certificates (PEM) to trust in place of the system's. `KITH_SMTP_CERTIFICATES`.
    public var certificates: String?
    /// The address that mail is from, and the name beside it. `KITH_MAIL_FROM`, `KITH_MAIL_NAME`.
    public var from: String?, name: String?
    /// Where mail that cannot be delivered comes back to, as in `bounces@example.org`. `KITH_MAIL_BOUNCES`.
    public var bounces: String?

    init(_ kith: ConfigReader) {
        url = kith.string(forKey: "smtp.url")
        password = kith.string(forKey: "smtp.password", isSecret: true)
        passwordFile = kith.string(forKey: "smtp.password.file")
        certificates = kith.string(forKey: "smtp.certificates")
        from = kith.string(forKey: "mail.from")
        name = kith.string(forKey: "mail.name")
        bounces = kith.string(forKey: "mail.bounces")
    }

    /// The settings, checked; nil where no mail is sent.
    func mail(site: String) throws -> Mail? {
        guard let url else { return nil }
        guard var smtp = try SMTPConfiguration(url: url, password: secret()) else {
            throw Server.Failure(
                description: "KITH_SMTP_URL must be like smtp://user@mail.example.org:587, without the password, which is read from "
                    + "KITH_SMTP_PASSWORD_FILE or KITH_SMTP_PASSWORD.")
        }
        smtp.trustedCertificates = certificates
        guard let address = from.flatMap({ EmailAddress($0) }) else {
            throw Server.Failure(description: "KITH_MAIL_FROM must be the address that mail is from, like kith@example.org.")
        }
        var mail = Mail(smtp: smtp, from: Mailbox(address, name: name), site: site)
        if let bounces {
            guard let address = EmailAddress(bounces), address.localPart.utf8.count <= 11 else {
                throw Server.Failure(
                    description: "KITH_MAIL_BOUNCES must be an address with at most 11 characters before the @, like bounces@example.org.")
            }
            mail.bounces = address
        }
        return mail
    }

    private func secret() throws -> String? {
        guard let passwordFile else { return password }
        guard let bytes = try? Data(contentsOf: URL(filePath: passwordFile)),
            let line = String(decoding: bytes, as: UTF8.self).split(separator: "\n").first
        else { throw Server.Failure(description: "The password in KITH_SMTP_PASSWORD_FILE cannot be read: \(passwordFile).") }
        return String(line)
    }
}
