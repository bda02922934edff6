#if Kafka
    import CRdkafka
    import Foundation

    // A Kafka cluster for tests, speaking the protocol on a free port of this machine: `kafkamock TOPIC:PARTITIONS …`.
    //
    // Prints `brokers HOST:PORT`, then obeys lines of standard input, each answered with `done`: `down` and `up` (the broker refuses
    // connections, or takes them again), `rtt MILLISECONDS` (each answer takes so long), `refuse-produce COUNT` (the next produce requests
    // fail as when a leader moves). Ends with its standard input.

    func say(_ line: String) {
        var text = line + "\n"
        text.withUTF8 { _ = write(STDOUT_FILENO, $0.baseAddress, $0.count) }
    }

    func end(_ sentence: String) -> Never {
        var text = sentence + "\n"
        text.withUTF8 { _ = write(STDERR_FILENO, $0.baseAddress, $0.count) }
        exit(64)
    }

    let configuration = rd_kafka_conf_new()
    rd_kafka_conf_set(configuration, "log_level", "2", nil, 0)
    var reason = [CChar](repeating: 0, count: 256)
    guard let client = rd_kafka_new(RD_KAFKA_PRODUCER, configuration, &reason, reason.count),
        let cluster = rd_kafka_mock_cluster_new(client, 1)
    else { end("the mock cluster can't be made") }
    for argument in CommandLine.arguments.dropFirst() {
        let parts = argument.split(separator: ":")
        guard parts.count == 2, let partitions = Int32(parts[1]), partitions > 0 else {
            end("`\(argument)` is no TOPIC:PARTITIONS")
        }
        rd_kafka_mock_topic_create(cluster, String(parts[0]), partitions, 1)
    }
    say("brokers " + String(cString: rd_kafka_mock_cluster_bootstraps(cluster)))
    while let line = readLine() {
        let words = line.split(separator: " ")
        switch (words.first, words.count > 1 ? Int32(words[1]) : nil) {
        case ("down", _): rd_kafka_mock_broker_set_down(cluster, 1)
        case ("up", _): rd_kafka_mock_broker_set_up(cluster, 1)
        case ("rtt", let milliseconds?): rd_kafka_mock_broker_set_rtt(cluster, 1, milliseconds)
        case ("refuse-produce", let count?):
            let errors = Array(repeating: RD_KAFKA_RESP_ERR_NOT_LEADER_FOR_PARTITION, count: Int(count))
            rd_kafka_mock_push_request_errors_array(cluster, 0, errors.count, errors)
        default: end("`\(line)` is no command of the mock's")
        }
        say("done")
    }
    rd_kafka_mock_cluster_destroy(cluster)
    rd_kafka_destroy(client)
#else
    // Nothing to imitate without the trait Kafka.
#endif
