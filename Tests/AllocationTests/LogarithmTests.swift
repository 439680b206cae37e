import Foundation
import Testing

@testable import Allocation

@Suite("Logarithm and exponential")
struct LogarithmTests {
    @Test("they agree with the C library to the last places")
    func agreement() {
        var random = SplitMix(state: 3)
        for _ in 0..<10_000 {
            let number = Double.random(in: 1e-6...1e6, using: &random)
            #expect(abs(number.logarithm - log(number)) <= 4e-16 * max(1, abs(log(number))))
            let power = Double.random(in: -20...20, using: &random)
            #expect(abs(power.exponential / exp(power) - 1) < 1e-14)
        }
    }
}
