internal import CCurl
internal import Foundation
internal import Synchronization

/// The thread that owns libcurl's multi handle and every transfer. Others reach it through the inbox alone.
///
/// `@unchecked Sendable`: `inbox` is under its lock; `idle` and `active` are touched by the engine's thread only; `multi` is
/// called by other threads for `curl_multi_wakeup` only (which libcurl allows), under the inbox's lock and before `finished`.
final class CurlEngine: @unchecked Sendable {
    private enum Command {
        case start(OutboundRequest, ticket: UInt64, startedNanoseconds: UInt64, Transfer.Completion)
        case cancel(ticket: UInt64)
    }

    private struct Inbox {
        var commands: [Command] = []
        var closing = false
        var finished = false
    }

    private let inbox = Mutex(Inbox())
    private let multi: UnsafeMutableRawPointer
    private let ended = DispatchSemaphore(value: 0)
    private let idleMax: Int

    private var idle: [Transfer] = []
    private var active: [UInt64: Transfer] = [:]

    private static let libraryReady = ccurl_global_init() == CURLE_OK

    init(connectionsMax: Int, connectionsPerHostMax: Int) {
        precondition(Self.libraryReady, "libcurl could not be initialised")
        guard let multi = curl_multi_init() else { preconditionFailure("out of memory for libcurl's multi handle") }
        self.multi = multi
        idleMax = max(1, connectionsMax)
        ccurl_multi_set_long(multi, CURLMOPT_MAX_TOTAL_CONNECTIONS, connectionsMax)
        ccurl_multi_set_long(multi, CURLMOPT_MAX_HOST_CONNECTIONS, connectionsPerHostMax)
        ccurl_multi_set_long(multi, CURLMOPT_MAXCONNECTS, max(1, connectionsMax))
        ccurl_multi_set_long(multi, CURLMOPT_PIPELINING, 0)
        let thread = Thread { [self] in run() }
        thread.name = "outbound"
        thread.start()
    }

    // MARK: From any thread

    func start(_ request: OutboundRequest, ticket: UInt64, completion: @escaping Transfer.Completion) {
        let now = DispatchTime.now().uptimeNanoseconds
        let taken = post(.start(request, ticket: ticket, startedNanoseconds: now, completion))
        if !taken { completion(.failure(Self.closedError)) }
    }

    func cancel(ticket: UInt64) { _ = post(.cancel(ticket: ticket)) }

    /// Asks the thread to end; what is under way fails once with `closed`.
    func stop() {
        inbox.withLock { inbox in
            inbox.closing = true
            if !inbox.finished { curl_multi_wakeup(multi) }
        }
    }

    /// Returns when the thread has ended.
    func join() {
        ended.wait()
        ended.signal()
    }

    private func post(_ command: Command) -> Bool {
        inbox.withLock { inbox in
            guard !inbox.closing else { return false }
            let wake = inbox.commands.isEmpty
            inbox.commands.append(command)
            if wake { curl_multi_wakeup(multi) }
            return true
        }
    }

    // MARK: The engine's thread

    private func run() {
        while true {
            let (commands, closing) = inbox.withLock { inbox in
                let commands = inbox.commands
                inbox.commands = []
                return (commands, inbox.closing)
            }
            for command in commands { carryOut(command) }
            if closing { break }
            var running: Int32 = 0
            curl_multi_perform(multi, &running)
            collectFinished()
            // Returns early for sockets, for libcurl's own timers and for a wake-up.
            curl_multi_poll(multi, nil, 0, 1_000, nil)
        }
        end()
    }

    private func carryOut(_ command: Command) {
        switch command {
        case .start(let request, let ticket, let started, let completion):
            guard let transfer = idle.popLast() ?? Transfer() else {
                completion(.failure(OutboundError(.other, "Out of memory for a transfer to \(request.url).")))
                return
            }
            if let error = transfer.prepare(request, ticket: ticket, startedNanoseconds: started, completion: completion) {
                recycle(transfer, .failure(error))
                return
            }
            active[ticket] = transfer
            if curl_multi_add_handle(multi, transfer.easy) != CURLM_OK {
                active[ticket] = nil
                recycle(transfer, .failure(OutboundError(.other, "libcurl refused the transfer to \(request.url).")))
            }
        case .cancel(let ticket):
            guard let transfer = active.removeValue(forKey: ticket) else { return }
            curl_multi_remove_handle(multi, transfer.easy)
            recycle(transfer, .failure(OutboundError(.cancelled, "The request was cancelled.")))
        }
    }

    private func collectFinished() {
        var code = CURLE_OK
        while let easy = ccurl_multi_next_finished(multi, &code) {
            guard let context = ccurl_private(easy) else { continue }
            let transfer = Unmanaged<Transfer>.fromOpaque(context).takeUnretainedValue()
            curl_multi_remove_handle(multi, easy)
            active[transfer.ticket] = nil
            recycle(transfer, transfer.result(of: code))
        }
    }

    private func recycle(_ transfer: Transfer, _ result: Result<OutboundAnswer, OutboundError>) {
        let completion = transfer.completion
        transfer.release()
        if idle.count < idleMax { idle.append(transfer) }
        completion?(result)
    }

    private func end() {
        for transfer in active.values {
            curl_multi_remove_handle(multi, transfer.easy)
            recycle(transfer, .failure(Self.closedError))
        }
        active = [:]
        idle = []
        inbox.withLock { $0.finished = true }
        curl_multi_cleanup(multi)
        ended.signal()
    }

    private static let closedError = OutboundError(.closed, "The client was closed before the answer came.")
}
