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

    static func withoutBody(_ request: RecordedRequest) throws -> String {
        var request = request
        request.body = []
        return try text(request)
    }

    static func withoutBody(_ answer: RecordedAnswer) throws -> String {
        var answer = answer
        answer.body = []
        return try text(answer)
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
