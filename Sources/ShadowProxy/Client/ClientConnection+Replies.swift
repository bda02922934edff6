import DequeModule
import HTTPFraming
import NIOCore

/// Writing answers: in order, one flush for all that are ready.
extension ClientConnection {
    func take(_ answer: SideAnswer, number: UInt64) {
        guard !isClosed, number >= firstNumber, number - firstNumber < UInt64(slots.count) else { return }
        if number == firstNumber, answerFirst(answer) { return }
        slots[Int(number - firstNumber)].content = .answer(answer)
        if number == firstNumber { writeReady() }
    }

    func take(_ reply: Reply, number: UInt64) {
        guard !isClosed, number >= firstNumber, number - firstNumber < UInt64(slots.count) else {
            if case .streamHead(_, let exchange) = reply { exchange.abandonStream(from: lane) }
            return
        }
        let index = Int(number - firstNumber)
        switch reply {
        case .problem(let kind, let detail):
            var out = lane.allocator.buffer(capacity: 384)
            ProblemAnswer.write(
                status: kind.status, code: kind.code, detail: detail, close: slots[index].closes,
                retryAfterSeconds: kind.retryAfterSeconds, isHead: slots[index].isHead, into: &out)
            slots[index].content = .message(out)
        case .streamHead(let answer, let exchange):
            var progress = ReplySlot.StreamProgress()
            progress.parts.append(answer.body)
            slots[index].content = .stream(answer, exchange, progress)
        case .streamPiece(let piece): changeStream(index) { $0.parts.append(piece) }
        case .streamEnd: changeStream(index) { $0.end = .whole }
        case .streamBroken: changeStream(index) { $0.end = .broken }
        }
        if index == 0 { writeReady() }
    }

    private func changeStream(_ index: Int, _ change: (inout ReplySlot.StreamProgress) -> Void) {
        guard case .stream(let answer, let exchange, var progress) = slots[index].content else { return }
        slots[index].content = .awaited
        change(&progress)
        slots[index].content = .stream(answer, exchange, progress)
    }

    /// Writes what stands at the front, as far as it is there.
    func writeReady() {
        guard let context, !isClosed else { return }
        var wrote = false
        var closes = false
        while !closes, let slot = slots.first {
            var isThrough = true
            switch slot.content {
            case .awaited: isThrough = false
            case .message(let message): outbox.bytes.writeImmutableBuffer(message)
            case .answer(let answer): write(answer, slot, context)
            case .stream: isThrough = writeStream(context)
            }
            if isClosed { return }
            wrote = wrote || isThrough || slot.isStreaming
            guard isThrough else { break }
            // A stream may have decided to end the connection as it wrote its head.
            closes = slots.first?.closes ?? slot.closes
            slots.removeFirst()
            firstNumber += 1
        }
        if wrote {
            noteActivity()
            flushSoon()
        }
        if closes {
            closeAfterLastByte()
        } else {
            goOn()
        }
    }

    /// The ordinary case: the answer whose turn it is, and nothing ends with it.
    private func answerFirst(_ answer: SideAnswer) -> Bool {
        guard let context, slots.count == 1, !slots[0].closes else { return false }
        write(answer, slots[0], context)
        slots.removeFirst()
        firstNumber += 1
        noteActivity()
        flushSoon()
        goOn()
        return true
    }

    private func write(_ answer: SideAnswer, _ slot: ReplySlot, _ context: ChannelHandlerContext) {
        unsent.append((slot.askedAt, answer.latencyMicroseconds))
        let hasBody = answer.head.framing != .none
        ResponseWriter.write(
            answer.head, body: hasBody ? .length(answer.body.readableBytes) : .none, close: slot.closes,
            callerMinorVersion: slot.minorVersion, into: &outbox.bytes)
        if hasBody { outbox.append(answer.body, to: context) }
    }

    // MARK: Flushing

    func flushSoon() {
        if outbox.becomesDirty() { lane.flushes.add(self) }
    }

    /// At the end of the lane's turn.
    func flushNow(at now: NIODeadline) {
        outbox.isDirty = false
        for answer in unsent {
            let whole = Int((now - answer.askedAt).nanoseconds / 1_000)
            lane.books.latencies.added(microseconds: whole - answer.primaryMicroseconds)
        }
        unsent.removeAll(keepingCapacity: true)
        guard let context, !isClosed else { return }
        outbox.hand(to: context)
        context.flush()
    }

    /// True when the stream has ended, one way or the other.
    private func writeStream(_ context: ChannelHandlerContext) -> Bool {
        guard case .stream(let answer, let exchange, var progress) = slots[0].content else { return true }
        slots[0].content = .awaited
        let hasLength = if case .length = answer.head.framing { true } else { false }
        let isChunked = !hasLength && slots[0].minorVersion == 1
        if !progress.isHeadWritten {
            progress.isHeadWritten = true
            // HTTP/1.0 knows no chunks: without a length the body ends with the connection.
            if !hasLength, !isChunked { slots[0].closes = true }
            var out = lane.allocator.buffer(capacity: answer.head.bytes.readableBytes + 64)
            let body: ForwardedBody =
                if case .length(let length) = answer.head.framing { .length(length) } else { isChunked ? .chunked : .none }
            ResponseWriter.write(
                answer.head, body: body, close: slots[0].closes, callerMinorVersion: slots[0].minorVersion, into: &out)
            outbox.append(out, to: context)
        }
        outbox.hand(to: context)
        while let part = progress.parts.popFirst() {
            var out = part
            if isChunked {
                out = lane.allocator.buffer(capacity: part.readableBytes + 16)
                ChunkWriter.write(part, into: &out)
            }
            let promise = context.eventLoop.makePromise(of: Void.self)
            let size = part.readableBytes
            promise.futureResult.whenComplete { [self] _ in
                noteActivity()
                lane.on(exchange.home) { exchange.acknowledge(size) }
            }
            context.write(wrapOutboundOut(out), promise: promise)
        }
        switch progress.end {
        case nil:
            slots[0].content = .stream(
                SideAnswer(head: answer.head, body: ByteBuffer(), latencyMicroseconds: 0), exchange, progress)
            return false
        case .whole:
            if isChunked {
                var out = lane.allocator.buffer(capacity: 8)
                ChunkWriter.end(into: &out)
                outbox.append(out, to: context)
            }
            return true
        case .broken:
            // The caller must see that the body is not whole: cut, without a last chunk.
            context.flush()
            closeNow()
            return true
        }
    }

    /// The last answer is on its way: close when it is written.
    func closeAfterLastByte() {
        guard !isClosed, !isEnding, let context else { return }
        isEnding = true
        stopReading()
        outbox.hand(to: context)
        let promise = context.eventLoop.makePromise(of: Void.self)
        promise.futureResult.whenComplete { [self] _ in linger() }
        context.writeAndFlush(wrapOutboundOut(ByteBuffer()), promise: promise)
    }
}
