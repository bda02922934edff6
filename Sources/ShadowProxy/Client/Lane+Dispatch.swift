import Comparison
import HTTPFraming
import Migration
import NIOCore
import Verdicts

/// From a request as it was read to an exchange on its way.
extension Lane {
    /// Begins the exchange on the lane that owns its first key, or here.
    ///
    /// - Parameter body: the whole body; nil where there is none.
    func dispatch(_ head: RequestHead, _ method: RequestMethod, body: ByteBuffer?, slot: ClientSlot) {
        let operation = operation(of: head)
        let keys = keys(of: head, body: body, operation)
        let course: ExchangeCourse =
            switch operation.mode {
            case .never: .primaryOnly(.never)
            case .read: samples(operation.sample) ? .read : .primaryOnly(.unsampled)
            case .mirroredWrite: .mirroredWrite
            }
        let home = operation.isOrdered && !keys.isEmpty ? owner(of: keys[0]) : self
        let reading = rollout?.audience.read(head, trusted: plan.plan.trusted)
        let exchange = Exchange(
            plan: plan, operation: operation, keys: keys, isOrdered: operation.isOrdered, course: course,
            purpose: .caller(slot),
            request: forwarded(
                head, method, body, framing: body.map { .length($0.readableBytes) } ?? framingOfEmpty(head), slot, reading),
            home: home, audience: audience(reading))
        if home === self { exchange.begin() } else { home.loop.execute { exchange.begin() } }
    }

    /// Begins an exchange whose body is beyond the limit: to the primary alone, as it comes. It stays on this lane and takes no
    /// turn in its keys' queues; the keys of a mirrored write are unverified from then on.
    func dispatchUpload(_ head: RequestHead, _ method: RequestMethod, slot: ClientSlot) -> Exchange {
        let operation = operation(of: head)
        let keys = keys(of: head, body: nil, operation)
        books.reached(.bodyBytes)
        let framing: ForwardedBody = if case .length(let length) = head.framing { .length(length) } else { .chunked }
        let reading = rollout?.audience.read(head, trusted: plan.plan.trusted)
        let exchange = Exchange(
            plan: plan, operation: operation, keys: keys, isOrdered: false,
            course: .primaryOnly(operation.mode == .never ? .never : .oversize), purpose: .caller(slot),
            request: forwarded(head, method, nil, framing: framing, slot, reading), home: self,
            audience: audience(reading))
        exchange.isUpload = true
        exchange.cause = "the request's body was beyond the limit"
        exchange.begin()
        return exchange
    }

    private func operation(of head: RequestHead) -> CompiledOperation {
        head.bytes.withUnsafeReadableBytes { all in
            plan.operation(
                method: UnsafeRawBufferPointer(rebasing: all[head.method]),
                path: UnsafeRawBufferPointer(rebasing: all[head.path]))
        }
    }

    /// An empty body that was announced stays announced.
    private func framingOfEmpty(_ head: RequestHead) -> ForwardedBody { head.framing == .none ? .none : .length(0) }

    private func forwarded(
        _ head: RequestHead, _ method: RequestMethod, _ body: ByteBuffer?, framing: ForwardedBody, _ slot: ClientSlot,
        _ reading: AudienceSource.Reading?
    ) -> ForwardedRequest {
        var out = spareBuffers.take(allocator)
        let instant = clock.microseconds()
        var writer = RequestWriter(trusted: plan.plan.trusted, isTLS: plan.listenerSecurity != nil)
        if let reading { writer.leftOut = reading.leftOut }
        writer.write(
            head, body: framing, clientAddress: slot.connection.address, trace: traceBits(), into: &out)
        if !plan.plan.trusted || head.firstValue(of: "x-request-time") == nil {
            stamp.write(instant, as: "X-Request-Time: ", to: &out)
        }
        RequestWriter.close(&out)
        return ForwardedRequest(
            method: method, head: consume out, body: body, stampedAt: instant,
            hasIdempotencyKey: head.hasIdempotencyKey)
    }

    private func traceBits() -> (UInt64, UInt64, UInt64) { (nextRandom(), nextRandom(), nextRandom()) }

    // MARK: Keys

    /// Sorted by (lane, key), each once. Empty unless every declared key is there: half a key would order nothing.
    private func keys(of head: RequestHead, body: ByteBuffer?, _ operation: CompiledOperation) -> KeyList {
        guard operation.keys.count != 1 else { return key(at: operation.keys[0], head, body).map { KeyList($0) } ?? KeyList() }
        var keys: [RequestKey] = []
        keys.reserveCapacity(operation.keys.count)
        for position in operation.keys {
            guard let key = key(at: position, head, body) else { return KeyList() }
            if !keys.contains(key) { keys.append(key) }
        }
        if keys.count > 1 {
            let lanes = mesh.lanes.count
            keys.sort { ($0.lane(of: lanes), $0.text) < ($1.lane(of: lanes), $1.text) }
        }
        return KeyList(keys)
    }

    private func key(at position: CompiledOperation.KeyPosition, _ head: RequestHead, _ body: ByteBuffer?) -> RequestKey? {
        switch position {
        case .segment(let index):
            return head.bytes.withUnsafeReadableBytes { all in
                let path = UnsafeRawBufferPointer(rebasing: all[head.path])
                guard let segment = OperationMatcher.segment(index, of: path) else { return nil }
                return RequestKey(PercentCoding.decoded(UnsafeRawBufferPointer(rebasing: path[segment])))
            }
        case .body(let field):
            guard let body else { return nil }
            return body.withUnsafeReadableBytes { field.text(in: $0) }.map { RequestKey($0) }
        case .header(let name):
            return head.bytes.withUnsafeReadableBytes { all in
                for field in head.fields where name.isName(field.name, in: all) {
                    return RequestKey(String(decoding: all[field.value], as: UTF8.self))
                }
                return nil
            }
        }
    }
}

/// Percent-encoding of path segments.
enum PercentCoding {
    /// The segment's meaning, so that `1000%2D1` in a path and `1000-1` in a body name the same key.
    static func decoded(_ bytes: UnsafeRawBufferPointer) -> String {
        guard bytes.contains(0x25) else { return String(decoding: bytes, as: UTF8.self) }
        var plain: [UInt8] = []
        plain.reserveCapacity(bytes.count)
        var index = 0
        while index < bytes.count {
            if bytes[index] == 0x25, index + 2 < bytes.count, let high = digit(bytes[index + 1]),
                let low = digit(bytes[index + 2])
            {
                plain.append(high << 4 | low)
                index += 3
            } else {
                plain.append(bytes[index])
                index += 1
            }
        }
        return String(decoding: plain, as: UTF8.self)
    }

    private static func digit(_ byte: UInt8) -> UInt8? {
        switch byte {
        case 0x30...0x39: byte - 0x30
        case 0x41...0x46: byte - 0x37
        case 0x61...0x66: byte - 0x57
        default: nil
        }
    }
}
