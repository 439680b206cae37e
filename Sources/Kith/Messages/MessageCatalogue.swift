import Mustache

/// Every template of a server, checked: what a text asks for is known, and no language is left half done.
public struct MessageCatalogue: Sendable {
    /// Why templates cannot be used.
    public struct Failure: Error, CustomStringConvertible, Equatable {
        /// What is wrong and what to do.
        public let description: String
    }

    /// A message as it goes out.
    public struct Rendered: Sendable {
        /// What it is about.
        public let subject: String
        /// What it says.
        public let text: String
        /// The same as an HTML document.
        public let html: String
    }

    private struct Parsed {
        let subject: MustacheTemplate
        let body: MustacheTemplate
    }

    /// The templates by their id.
    let templates: [String: MessageTemplate]
    private let texts: [String: [String: Parsed]]
    private let page: MustacheTemplate

    /// Checks templates.
    /// - Throws: ``Failure`` with one clear line
    public init(_ templates: [MessageTemplate]) throws(Failure) {
        var known: [String: MessageTemplate] = [:]
        var texts: [String: [String: Parsed]] = [:]
        for template in templates {
            guard known.updateValue(template, forKey: template.id) == nil else {
                throw Failure(description: "The message template \(template.id) is declared twice.")
            }
            guard template.texts["en"] != nil else {
                throw Failure(description: "The message template \(template.id) has no English text.")
            }
            for (locale, text) in template.texts {
                texts[template.id, default: [:]][locale] = try Self.parse(text, template, locale)
            }
        }
        self.templates = known
        self.texts = texts
        do {
            page = try MustacheTemplate(string: Self.layout)
        } catch {
            throw Failure(description: "The layout of messages cannot be read: \(error)")
        }
    }

    /// Renders a message in a language, or in English where there is no text in it.
    /// - Parameters:
    ///   - id: the template
    ///   - locale: the language (ISO 639)
    ///   - isLarge: whether for large print
    ///   - values: what stands for each placeholder
    /// - Returns: the message; nil where there is no such template (any more)
    public func render(_ id: String, in locale: String, isLarge: Bool = false, _ values: [String: String]) -> Rendered? {
        guard let languages = texts[id], let text = languages[locale] ?? languages["en"] else { return nil }
        let body = text.body.render(values)
        let subject = text.subject.render(values)
        let html = page.render(
            Page(
                locale: languages[locale] == nil ? "en" : locale, subject: subject, size: isLarge ? "16pt" : "12pt",
                paragraphs: body.split(separator: "\n\n").map(String.init)))
        return Rendered(subject: subject, text: body, html: html)
    }

    private struct Page {
        let locale: String
        let subject: String
        let size: String
        let paragraphs: [String]
    }

    private static func parse(_ text: MessageTemplate.Text, _ template: MessageTemplate, _ locale: String) throws(Failure) -> Parsed {
        let known = template.placeholders.union(MessageTemplate.common)
        for part in [text.subject, text.body] {
            for match in part.matches(of: /\{\{([^}]*)\}\}/) where !known.contains(String(match.1)) {
                throw Failure(
                    description: "The \(locale) text of the message template \(template.id) asks for \(match.1), which is not declared.")
            }
        }
        for placeholder in template.placeholders where !(text.subject + text.body).contains("{{\(placeholder)}}") {
            throw Failure(description: "The \(locale) text of the message template \(template.id) leaves out \(placeholder).")
        }
        do {
            // Plain text; the page escapes it for HTML afterwards, as a whole.
            let plain = "{{% CONTENT_TYPE:TEXT}}"
            return Parsed(
                subject: try MustacheTemplate(string: plain + text.subject), body: try MustacheTemplate(string: plain + text.body))
        } catch {
            throw Failure(description: "The \(locale) text of the message template \(template.id) cannot be read: \(error)")
        }
    }

    // One column, no image, nothing fetched from anywhere: it reads well aloud, and tells nobody that it was opened.
    private static let layout = """
        <!DOCTYPE html>
        <html lang="{{locale}}"><head><meta charset="utf-8"><title>{{subject}}</title></head>
        <body style="font: {{size}}/1.6 Arial, sans-serif; color: #111; max-width: 36em; margin: 1.5em">
        {{#paragraphs}}<p style="white-space: pre-line">{{.}}</p>
        {{/paragraphs}}</body></html>
        """
}
