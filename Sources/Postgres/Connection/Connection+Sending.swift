import CLibpq

extension Connection {
    /// Hands the exchange's work to libpq. Returns false if the connection is broken.
    func send() -> Bool {
        guard let work = exchange?.pending.request.work else { return false }
        switch work {
        case .batch(let queries), .unprepared(let queries):
            if let begin = exchange?.begin { guard send(begin, isAnswered: false) else { return false } }
            for query in queries { guard send(query, isAnswered: true) else { return false } }
            return PQpipelineSync(pg) == 1
        case .stream(let query, _):
            if let begin = exchange?.begin { guard send(begin, isAnswered: false) else { return false } }
            guard send(query, isAnswered: true) else { return false }
            enterStep()
            return PQpipelineSync(pg) == 1
        case .copyBegin(let query):
            // libpq has no COPY in pipeline mode.
            exchange?.isPipelined = false
            return PQexitPipelineMode(pg) == 1 && PQsendQuery(pg, query.sql) == 1
        case .copyData(let bytes):
            exchange?.isPipelined = false
            return bytes.withUnsafeBytes { PQputCopyData(pg, $0.baseAddress, Int32($0.count)) } == 1
        case .copyEnd(let failure):
            exchange?.isPipelined = false
            return PQputCopyEnd(pg, failure) == 1
        }
    }

    private func send(_ query: Query, isAnswered: Bool) -> Bool {
        let count = Int32(query.types.count)
        let format: Int32 = query.isBinary ? 1 : 0
        return withParameters(of: query) { values in
            guard statements.isEnabled, exchange?.isPrepared == true else {
                exchange?.steps.append(.run(nil, isAnswered: isAnswered))
                return PQsendQueryParams(pg, query.sql, count, query.types, values, nil, nil, format) == 1
            }
            let (statement, isNew) = statements.find(query)
            if isNew {
                exchange?.steps.append(.prepare(statement))
                guard PQsendPrepare(pg, statement.name, query.sql, count, query.types) == 1 else { return false }
            }
            exchange?.steps.append(.run(statement, isAnswered: isAnswered))
            return PQsendQueryPrepared(pg, statement.name, count, values, nil, nil, format) == 1
        }
    }

    private func withParameters(of query: Query, _ body: (UnsafePointer<UnsafePointer<CChar>?>) -> Bool) -> Bool {
        query.bytes.withUnsafeBytes { bytes in
            withUnsafeTemporaryAllocation(of: UnsafePointer<CChar>?.self, capacity: max(query.offsets.count, 1)) { values in
                let text = bytes.assumingMemoryBound(to: CChar.self).baseAddress
                for (index, offset) in query.offsets.enumerated() {
                    values.initializeElement(at: index, to: offset.flatMap { text?.advanced(by: $0) })
                }
                return body(UnsafePointer(values.baseAddress!))
            }
        }
    }

    func flush() -> Progress {
        let status = PQflush(pg)
        guard status >= 0 else { return lost() }
        wantsToWrite = status == 1
        if !wantsToWrite, case .copyData = exchange?.pending.request.work { return .finished(.success([])) }
        return .pending
    }
}
