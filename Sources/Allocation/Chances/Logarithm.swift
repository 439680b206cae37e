/// Exponential and logarithm in the standard library's arithmetic alone, so that they give the same bits everywhere: C libraries differ in the last.
extension Double {
    /// The natural logarithm of a positive number, to within a few units in the last place.
    var logarithm: Double {
        let isLow = significand < 2.0.squareRoot()
        let fraction = isLow ? significand : significand / 2
        let power = Double(exponent) + (isLow ? 0 : 1)
        // ln x = 2 artanh((x - 1) / (x + 1)), where the argument is below 0.18.
        let ratio = (fraction - 1) / (fraction + 1)
        let square = ratio * ratio
        var sum = 0.0
        for step in stride(from: 23, through: 1, by: -2) { sum = sum * square + 1 / Double(step) }
        return power * 0.693_147_180_559_945_3 + 2 * ratio * sum
    }

    /// e to the power of a number between -700 and 700, to within a few units in the last place.
    var exponential: Double {
        let power = (self / 0.693_147_180_559_945_3).rounded()
        let rest = self - power * 0.693_147_180_559_945_3
        var sum = 1.0
        for step in stride(from: 18, through: 1, by: -1) { sum = 1 + rest / Double(step) * sum }
        return Double(sign: .plus, exponent: Int(power), significand: sum)
    }
}
