import Kith
import KithClient
import Testing

struct TableTests {
    @Test func columnsAreAlignedAndNumbersStandToTheRight() {
        let things: [JSON] = [
            ["name": "Carers’ panel", "seats": 20, "created_at": "2026-03-01T09:30:12.123456Z", "user_led": true],
            ["name": "Café", "seats": 5, "created_at": .null, "user_led": false],
        ]
        let table = Table(
            things, [Column("NAME", "name"), Column("SEATS", "seats"), Column("SINCE", "created_at"), Column("USER-LED", "user_led")])
        #expect(
            table.lines == [
                "NAME           SEATS  SINCE             USER-LED",
                "Carers’ panel     20  2026-03-01 09:30  yes",
                "Café               5  –                 no",
            ])
    }

    @Test func textOfSeveralLinesStaysInItsRow() {
        var table = Table(["A", "B"])
        table.append(["one\ntwo", "x"])
        #expect(table.lines == ["A        B", "one two  x"])
    }
}
