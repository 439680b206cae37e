import Tracing

/// A span around a request, with the attributes of OpenTelemetry's conventions for databases. Never a value.
struct QuerySpan {
    private let span: any Span

    init(_ queries: [Query]) {
        span = startSpan("postgresql", ofKind: .client)
        guard span.isRecording else { return }
        span.attributes["db.system.name"] = "postgresql"
        span.attributes["db.query.text"] = queries.map(\.sql).joined(separator: ";\n")
        if queries.count > 1 { span.attributes["db.operation.batch.size"] = queries.count }
    }

    func end(_ reply: Request.Reply) {
        if case .failure(let error) = reply, span.isRecording {
            span.attributes["error.type"] = error.code.description
            if let sqlState = error.sqlState { span.attributes["db.response.status_code"] = sqlState.rawValue }
            span.setStatus(SpanStatus(code: .error))
        }
        span.end()
    }
}
