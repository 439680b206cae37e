import Kith
import KithServer
import KithTesting
import PluginKit
import Testing

@Suite struct MessageTemplateTests {
    private func failure(_ templates: MessageTemplate...) -> String? {
        do throws(MessageCatalogue.Failure) {
            _ = try MessageCatalogue(MessageTemplate.core + templates)
            return nil
        } catch {
            return error.description
        }
    }

    private func template(_ texts: [String: MessageTemplate.Text], placeholders: Set<String> = []) -> MessageTemplate {
        MessageTemplate(module: "kiln", "fired", "When a kiln is fired", placeholders: placeholders, texts: texts)
    }

    @Test func `Every message of the core is in English and in Welsh`() {
        for template in MessageTemplate.core {
            for locale in ["en", "cy"] {
                #expect(template.languages.contains(locale), "\(template.id)")
            }
        }
    }

    @Test func `A template that is not whole keeps the server from starting`() {
        #expect(failure(template(["en": .init("S", "B")])) == nil)
        #expect(failure(template(["cy": .init("S", "B")]))?.contains("no English text") == true)
        #expect(failure(template(["en": .init("S", "{{who}}")]))?.contains("asks for who") == true)
        #expect(failure(template(["en": .init("S", "{{#who}}x{{/who}}")]))?.contains("asks for #who") == true)
        #expect(
            failure(template(["en": .init("S", "{{who}}"), "cy": .init("S", "B")], placeholders: ["who"]))?.contains("cy") == true)
        #expect(failure(template(["en": .init("S", "B")]), template(["en": .init("S", "B")]))?.contains("twice") == true)
    }

    @Test func `A plugin brings templates of its own name`() throws {
        enum Straying: Plugin {
            static let id = "straying"
            static let title = "Straying"
            static let summary = "Declares the template of another"
            static let version = "1.0.0"
            static let endpoints: [Endpoint] = []
            static let privacy = PrivacyContract(holdings: [])
            static let templates = [MessageTemplate(module: "core", "other", "Never", texts: ["en": .init("S", "B")])]
        }
        #expect(throws: Distribution.Failure.self) { try Distribution([Straying.self]) }
    }
}
