import Foundation
import NIOConcurrencyHelpers

/// librdkafka's mock cluster as a process of its own: it speaks Kafka's protocol on a free port, and forgets everything at its end.
///
/// It waits for a rebalance's last member nearly as long as the group's `session.timeout.ms`: give short ones.
public final class KafkaMock: Sendable {
    /// `HOST:PORT`.
    public let brokers: String
    private let input: FileHandle
    private let output: NIOLockedValueBox<[String]>
    private let pid: Int32

    /// - Parameter topics: how many partitions each has.
    public init(_ topics: [String: Int]) async throws {
        let process = Process()
        process.executableURL = try ProgramUnderTest.locate("kafkamock")
        process.arguments = topics.map { "\($0.key):\($0.value)" }
        let input = Pipe()
        let printed = Pipe()
        process.standardInput = input
        process.standardOutput = printed
        process.standardError = FileHandle.nullDevice
        try process.run()
        pid = process.processIdentifier
        self.input = input.fileHandleForWriting
        let output = NIOLockedValueBox<[String]>([])
        self.output = output
        let handle = printed.fileHandleForReading
        Thread.detachNewThread {
            var rest = ""
            while true {
                let data = handle.availableData
                if data.isEmpty { return }
                rest += String(decoding: data, as: UTF8.self)
                var lines = rest.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
                rest = lines.removeLast()
                output.withLockedValue { $0 += lines }
            }
        }
        try await eventually("the mock cluster's address") { output.withLockedValue { !$0.isEmpty } }
        let first = output.withLockedValue { $0.removeFirst() }
        brokers = first.split(separator: " ").last.map(String.init) ?? ""
    }

    /// - Parameter parameters: what stands behind the `?`, beside the short times that tests of groups need.
    public func address(_ topic: String, _ parameters: String = "") -> String {
        "kafka://\(brokers)/\(topic)?session.timeout.ms=3000&heartbeat.interval.ms=300"
            + (parameters.isEmpty ? "" : "&" + parameters)
    }

    /// One of the mock's commands; see `Tests/kafkamock`.
    public func tell(_ command: String) async throws {
        try input.write(contentsOf: Data((command + "\n").utf8))
        let output = output
        try await eventually("the mock cluster obeying `\(command)`") {
            output.withLockedValue { lines in
                guard lines.first == "done" else { return false }
                lines.removeFirst()
                return true
            }
        }
    }

    deinit {
        try? input.close()
        kill(pid, SIGKILL)
    }
}
