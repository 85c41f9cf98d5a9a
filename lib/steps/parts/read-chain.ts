import { createHash } from 'node:crypto';
import { createReadStream, statSync } from 'node:fs';
import { type ChainFormat, type ChainRecord, readRecord } from './chain-record';

export type ChainFault = {
  code: 'chain_torn' | 'chain_not_json' | 'chain_uncovered' | 'chain_changed' | 'chain_gap' | 'chain_broken';
  /** From 1. */
  line: number;
  message: string;
  /** The line as it stands, cut. */
  text: string;
};
export type ChainReading = {
  records: number;
  bytes: number;
  /** Of all bytes read. */
  sha256: string;
  lastHash: string | null;
  lastSequence: number | null;
  /** At most `mostFaults`; `faulty` counts all. */
  faults: ChainFault[];
  faulty: number;
  /** SHA-256 of the first bytes that were asked for; null when the file is shorter. */
  prefixSha256: string | null;
};

const mostFaults = 20;
const shownChars = 200;

/**
 * Reads a hash-chained JSONL file once, as far as it reached when it was opened. A fault does not end the reading: the
 * next line is judged against what this one says of itself, so that one changed record is one fault.
 * @param prefixBytes of which the digest is wanted
 */
export async function readChain(
  file: string,
  format: ChainFormat,
  signal: AbortSignal,
  prefixBytes = 0,
): Promise<ChainReading> {
  const { size } = statSync(file);
  const judge = new ChainJudge(format);
  const whole = createHash('sha256');
  const prefix = createHash('sha256');
  let bytes = 0;
  let rest: Buffer[] = [];
  if (size > 0)
    for await (const piece of createReadStream(file, { end: size - 1, signal })) {
      const part = piece as Buffer;
      whole.update(part);
      if (bytes < prefixBytes) prefix.update(part.subarray(0, prefixBytes - bytes));
      bytes += part.length;
      let from = 0;
      for (let end = part.indexOf(10); end >= 0; end = part.indexOf(10, from)) {
        judge.line(Buffer.concat([...rest, part.subarray(from, end)]).toString('latin1'));
        rest = [];
        from = end + 1;
      }
      if (from < part.length) rest.push(part.subarray(from));
    }
  if (rest.length) judge.torn(Buffer.concat(rest).toString('latin1'));
  return {
    ...judge.result(),
    bytes,
    sha256: whole.digest('hex'),
    prefixSha256: bytes >= prefixBytes ? prefix.digest('hex') : null,
  };
}

class ChainJudge {
  private lines = 0;
  private records = 0;
  private faulty = 0;
  private readonly faults: ChainFault[] = [];
  private last: ChainRecord | null = null;

  constructor(private readonly format: ChainFormat) {}

  line(text: string): void {
    this.lines += 1;
    const { record, fault } = readRecord(text, this.format);
    if (fault) this.fault(fault.code, fault.message, text);
    if (!record) return;
    this.records += 1;
    const before = this.last;
    this.last = record;
    // What a changed record says of its place is not judged a second time.
    if (!fault) this.place(record, before, text);
  }

  torn(text: string): void {
    this.lines += 1;
    this.fault('chain_torn', 'the last line is torn: it has no line end, so its writer did not finish', text);
  }

  private place(record: ChainRecord, before: ChainRecord | null, text: string): void {
    const { sequence, first_sequence: first } = this.format;
    const expected = before?.sequence === undefined || before.sequence === null ? first : before.sequence + 1;
    if (record.previous !== (before?.hash ?? null)) {
      const forked = before !== null && record.previous === before.previous;
      const why = forked
        ? 'follows the record before the last: two writers have forked the chain'
        : `does not follow the line before: its previous hash is ${record.previous ?? 'null'}, expected ${before?.hash ?? 'null'}`;
      const gap =
        sequence && record.sequence !== expected
          ? `; ${sequence} ${record.sequence} stands where ${expected} belongs`
          : '';
      this.fault(gap && !forked ? 'chain_gap' : 'chain_broken', `the record ${why}${gap}`, text);
    } else if (sequence && record.sequence !== expected)
      this.fault('chain_gap', `${sequence} ${record.sequence ?? 'is missing'} stands where ${expected} belongs`, text);
  }

  private fault(code: ChainFault['code'], message: string, text: string): void {
    this.faulty += 1;
    if (this.faults.length >= mostFaults) return;
    const shown = Buffer.from(text.slice(0, shownChars), 'latin1').toString('utf8');
    this.faults.push({ code, line: this.lines, message, text: text.length > shownChars ? `${shown}…` : shown });
  }

  result() {
    const { records, faults, faulty, last } = this;
    return { records, faults, faulty, lastHash: last?.hash ?? null, lastSequence: last?.sequence ?? null };
  }
}

/** The first line that differs between two files within their first `bytes` bytes, from 1; null when they are equal there. */
export async function firstDifferingLine(a: string, b: string, bytes: number): Promise<number | null> {
  const [left, right] = [linesOf(a, bytes), linesOf(b, bytes)];
  for (let line = 1; ; line += 1) {
    const [one, other] = [await left.next(), await right.next()];
    if (one.done && other.done) return null;
    if (one.done !== other.done || one.value !== other.value) return line;
  }
}

async function* linesOf(file: string, bytes: number): AsyncGenerator<string> {
  if (bytes === 0) return;
  let rest = '';
  for await (const piece of createReadStream(file, { end: bytes - 1, encoding: 'latin1' })) {
    const lines = (rest + (piece as string)).split('\n');
    rest = lines.pop() ?? '';
    yield* lines;
  }
  if (rest) yield rest;
}
