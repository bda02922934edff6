internal import Foundation

/// How requests and answers lie in columns: everything but the body as JSON, the body as bytes.
enum RecordedColumns {
    private static let encoder: JSONEncoder = {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return encoder
    }()

    static func text<Value: Encodable>(_ value: Value) throws -> String {
        String(decoding: try encoder.encode(value), as: UTF8.self)
    }

    static func value<Value: Decodable>(_ type: Value.Type, _ text: String) throws -> Value {
        try JSONDecoder().decode(type, from: Data(text.utf8))
    }

    static func withoutBody(_ request: RecordedRequest) -> String {
        RecordedJSON.text { json in
            json.member("headers", request.headers)
            json.member("instant", request.instant)
            json.member("method", request.method)
            json.member("target", request.target)
            if let bytes = request.wholeBodyBytes { json.member("wholeBodyBytes", bytes) }
        }
    }

    static func withoutBody(_ answer: RecordedAnswer) -> String {
        RecordedJSON.text { json in
            json.member("headers", answer.headers)
            json.member("latencyMicroseconds", answer.latencyMicroseconds)
            json.member("side", answer.side.rawValue)
            json.member("status", answer.status)
            if let bytes = answer.wholeBodyBytes { json.member("wholeBodyBytes", bytes) }
        }
    }

    static func request(_ columns: String, body: Data) throws -> RecordedRequest {
        var request = try value(RecordedRequest.self, columns)
        request.body = Array(body)
        return request
    }

    static func answer(_ columns: String, body: Data) throws -> RecordedAnswer {
        var answer = try value(RecordedAnswer.self, columns)
        answer.body = Array(body)
        return answer
    }
}
