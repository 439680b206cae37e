/// The object id (OID) of a PostgreSQL type and of the array type over it.
///
/// Only types whose ids are fixed by PostgreSQL's catalogue are named here. Values of any other type travel as
/// ``unspecified``: PostgreSQL infers the type from the place where the parameter stands.
public struct PostgresType: Sendable, Hashable {
    /// The OID of the type itself; 0 lets PostgreSQL infer it.
    public let oid: UInt32
    /// The OID of the array type whose elements are of this type; for an array, its own.
    public let arrayOID: UInt32

    /// A type by its catalogue ids.
    public init(oid: UInt32, arrayOID: UInt32) {
        self.oid = oid
        self.arrayOID = arrayOID
    }

    /// The array type over this type. Arrays of arrays are of the same type in PostgreSQL.
    public var array: PostgresType { PostgresType(oid: arrayOID, arrayOID: arrayOID) }

    var isArray: Bool { oid == arrayOID && oid != 0 }
}

extension PostgresType {
    /// Inferred by PostgreSQL from the statement.
    public static let unspecified = PostgresType(oid: 0, arrayOID: 0)
    /// `boolean`
    public static let bool = PostgresType(oid: 16, arrayOID: 1000)
    /// `bytea`
    public static let bytea = PostgresType(oid: 17, arrayOID: 1001)
    /// `bigint`
    public static let int8 = PostgresType(oid: 20, arrayOID: 1016)
    /// `smallint`
    public static let int2 = PostgresType(oid: 21, arrayOID: 1005)
    /// `integer`
    public static let int4 = PostgresType(oid: 23, arrayOID: 1007)
    /// `text`
    public static let text = PostgresType(oid: 25, arrayOID: 1009)
    /// `oid`
    public static let objectID = PostgresType(oid: 26, arrayOID: 1028)
    /// `json`
    public static let json = PostgresType(oid: 114, arrayOID: 199)
    /// `jsonb`
    public static let jsonb = PostgresType(oid: 3802, arrayOID: 3807)
    /// `real`
    public static let float4 = PostgresType(oid: 700, arrayOID: 1021)
    /// `double precision`
    public static let float8 = PostgresType(oid: 701, arrayOID: 1022)
    /// `numeric`
    public static let numeric = PostgresType(oid: 1700, arrayOID: 1231)
    /// `varchar`
    public static let varchar = PostgresType(oid: 1043, arrayOID: 1015)
    /// `date`
    public static let date = PostgresType(oid: 1082, arrayOID: 1182)
    /// `timestamp with time zone`
    public static let timestamptz = PostgresType(oid: 1184, arrayOID: 1185)
    /// `uuid`
    public static let uuid = PostgresType(oid: 2950, arrayOID: 2951)
    /// `int4range`
    public static let int4range = PostgresType(oid: 3904, arrayOID: 3905)
    /// `int8range`
    public static let int8range = PostgresType(oid: 3926, arrayOID: 3927)
    /// `numrange`
    public static let numrange = PostgresType(oid: 3906, arrayOID: 3907)
    /// `tstzrange`
    public static let tstzrange = PostgresType(oid: 3910, arrayOID: 3911)
    /// `daterange`
    public static let daterange = PostgresType(oid: 3912, arrayOID: 3913)
}
