import Verdicts

extension MetricsPage {
    /// The whole page of one reading.
    init(_ reading: ConsoleReading) {
        self.init()
        counters(reading)
        gauges(reading)
        if let shared = reading.shared { self.shared(shared) }
        if let rollout = reading.rollout { self.rollout(rollout) }
        histograms(
            "countersign_latency_seconds",
            "Time from a request's last byte to its answer's last byte by side; added is what a caller waits longer than the answering side took.",
            reading.latencies.map {
                Distribution(
                    labels: ["subject": $0.subject], buckets: $0.buckets, count: $0.count, sumMicroseconds: $0.sumMicroseconds)
            })
    }

    private mutating func counters(_ reading: ConsoleReading) {
        family("countersign_received_total", .counter, "Requests received from callers.", [Sample(reading.received)])
        family(
            "countersign_verdicts_total", .counter,
            "Requests by what became of them; received is their sum plus those under way.",
            reading.operations.flatMap { operation in
                Verdict.allCases.map { verdict in
                    Sample(operation.verdicts[verdict] ?? 0, ["operation": operation.name, "verdict": verdict.name])
                }
            })
        family(
            "countersign_bounds_reached_total", .counter, "How often each bound was reached, sheds among them.",
            reading.bounds.map { Sample($0.count, ["bound": $0.name]) })
        family(
            "countersign_caught_up_total", .counter, "Writes that the shadow had missed, by what came of sending them again.",
            reading.caughtUp.map { Sample($0.count, ["outcome": $0.name]) })
        family(
            "countersign_evidence_dropped_total", .counter, "Evidence lost because the writer's queue was full.",
            [Sample(reading.evidenceDropped)])
        family(
            "countersign_webhook_deliveries_total", .counter, "Webhook deliveries by outcome.",
            reading.deliveries.map { Sample($0.count, ["outcome": $0.name]) })
    }

    private mutating func shared(_ shared: ConsoleReading.Shared) {
        family(
            "countersign_shared_state_up", .gauge, "1 when the state shared with other proxies takes what this one has to tell.",
            [Sample(shared.isAway ? 0 : 1, ["instance": shared.instance])])
        family(
            "countersign_shared_evidence_waiting", .gauge, "Evidence that waits here for the shared state.",
            [Sample(shared.evidenceWaiting)])
        family(
            "countersign_shared_evidence_total", .counter, "Evidence for the shared state by what became of it.",
            shared.evidence.map { Sample($0.count, ["outcome": $0.name]) })
        family(
            "countersign_shared_alerted_here_total", .counter,
            "Evidence that this proxy alerted by itself, since the shared state did not take it in time.",
            [Sample(shared.alertedHere)])
        family(
            "countersign_keys_at_two_proxies", .gauge, "Keys whose requests came in at two proxies within the window.",
            [Sample(shared.keysAtTwoProxies)])
        family(
            "countersign_shared_keys_dropped_total", .counter,
            "Keys that were not told to the shared state, since too many were seen.", [Sample(shared.keysDropped)])
    }

    private mutating func gauges(_ reading: ConsoleReading) {
        func gauge(_ name: String, _ help: String, _ value: Int) {
            family("countersign_" + name, .gauge, help, [Sample(value)])
        }
        gauge("ready", "1 when the proxy should get traffic.", reading.unreadyBecause == nil ? 1 : 0)
        gauge("in_flight", "Requests whose caller waits for an answer.", reading.inFlight)
        gauge("awaiting_comparison", "Requests answered and not yet compared.", reading.awaitingComparison)
        gauge("shadow_backlog", "Requests held for the shadow, waiting and in flight.", reading.shadowBacklog)
        gauge("shadow_backlog_bytes", "Bytes of the requests held for the shadow.", reading.shadowBacklogBytes)
        gauge("client_connections", "Open connections of callers.", reading.clientConnections)
        gauge("keys_behind", "Keys with writes that the shadow has missed.", reading.keysBehind)
        gauge("writes_missed", "Writes in the catch-up queue.", reading.writesMissed)
        gauge("keys_unverified", "Keys whose sides may not agree until a read-back says so.", reading.keysUnverified)
        gauge("keys_diverged", "Keys that could not be caught up.", reading.keysDiverged)
        gauge("evidence_waiting", "Evidence not yet on disk.", reading.evidenceWaiting)
        gauge("incidents_open", "Incidents not yet resolved.", reading.incidentsOpen)
        gauge("webhook_outbox", "Webhook deliveries not yet made.", reading.deliveriesWaiting)
    }
}
