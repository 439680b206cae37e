/// What a lottery is to give each kind of person, in seats on average.
struct WantedSeats {
    /// An average that the relaxation allows and that is as fair as it allows.
    var average: [Double]
    /// What a lottery must give each kind at least to be as fair as can be; at most the average.
    var floor: [Double]
}
