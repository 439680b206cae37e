import KithServer
import Testing

/// The sentence with which a distribution is refused.
func refusal(of make: () throws -> Distribution) -> String? {
    do {
        _ = try make()
        return nil
    } catch {
        return "\(error)"
    }
}
