/** Keeps an upload of any size on disk while it is imported, in a file that vanishes with the process. */
import { type FileHandle, mkdtemp, open, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import iconv from 'iconv-lite';

const MAX_BYTES = 2 * 1024 * 1024 * 1024;
const READ_BYTES = 64 * 1024;

export class UploadTooLargeError extends Error {}

export class UploadSpool {
  private constructor(
    private readonly file: FileHandle,
    readonly bytes: number,
    private readonly charset: string,
  ) {}

  /** Takes the whole of `upload`. @throws {UploadTooLargeError} from 2 GB on, and whatever ends the upload. */
  static async take(upload: Readable, contentType: string): Promise<UploadSpool> {
    const folder = await mkdtemp(join(tmpdir(), 'dateline-import-'));
    const file = await open(join(folder, 'list.opml'), 'w+');
    // Without a name it is gone as soon as nobody holds it open, however this process ends.
    await rm(folder, { recursive: true, force: true });
    try {
      const utf8 = new Utf8Check();
      let bytes = 0;
      let head = Buffer.alloc(0);
      for await (const chunk of upload as AsyncIterable<Buffer>) {
        bytes += chunk.length;
        if (bytes > MAX_BYTES) throw new UploadTooLargeError('The list is larger than 2 GB. Cut it into several.');
        if (head.length < 1_024) head = Buffer.concat([head, chunk.subarray(0, 1_024)]);
        utf8.add(chunk);
        await file.writeFile(chunk);
      }
      return new UploadSpool(file, bytes, charsetOf(head, contentType, utf8.isValid()));
    } catch (error) {
      await file.close();
      throw error;
    }
  }

  /** The text from the start, piece by piece, with the number of bytes read so far; the last piece says that it is. */
  async *text(): AsyncGenerator<{ text: string; bytesRead: number; isLast: boolean }> {
    const decoder = iconv.getDecoder(this.charset);
    const buffer = Buffer.alloc(READ_BYTES);
    for (let at = 0; ;) {
      const { bytesRead } = await this.file.read(buffer, 0, READ_BYTES, at);
      if (bytesRead === 0) break;
      at += bytesRead;
      yield { text: decoder.write(buffer.subarray(0, bytesRead)), bytesRead: at, isLast: false };
    }
    yield { text: decoder.end() ?? '', bytesRead: this.bytes, isLast: true };
  }

  close(): Promise<void> {
    return this.file.close();
  }
}

/** Valid UTF-8 beats a wrong label, so all of it is looked at as it arrives. */
class Utf8Check {
  private readonly decoder = new TextDecoder('utf-8', { fatal: true });
  private valid = true;

  add(chunk: Buffer): void {
    if (this.valid) this.decode(() => this.decoder.decode(chunk, { stream: true }));
  }

  isValid(): boolean {
    if (this.valid) this.decode(() => this.decoder.decode());
    return this.valid;
  }

  private decode(attempt: () => unknown): void {
    try {
      attempt();
    } catch {
      this.valid = false;
    }
  }
}

/** A byte order mark, then valid UTF-8, then the XML declaration, then the header (RFC 7303), then Windows' Latin. */
function charsetOf(head: Buffer, contentType: string, isUtf8: boolean): string {
  if (head[0] === 0xff && head[1] === 0xfe) return 'utf-16le';
  if (head[0] === 0xfe && head[1] === 0xff) return 'utf-16be';
  if (head[0] === 0x3c && head[1] === 0) return 'utf-16le';
  if (head[0] === 0 && head[1] === 0x3c) return 'utf-16be';
  if (isUtf8) return 'utf8';
  const declared = /<\?xml[^>]{0,200}?encoding\s*=\s*["']?\s*([\w.:-]+)/i.exec(head.toString('latin1'))?.[1];
  const sent = /charset\s*=\s*["']?\s*([\w.:-]+)/i.exec(contentType)?.[1];
  const label = [declared, sent].find(
    (each) => each !== undefined && !/^utf/i.test(each) && iconv.encodingExists(each),
  );
  return label === undefined || /^(iso-?8859-?1|latin-?1|us-ascii)$/i.test(label) ? 'windows-1252' : label;
}
