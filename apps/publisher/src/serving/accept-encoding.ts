/** Chooses how to encode a response (RFC 9110, 12.5.3): brotli when the client takes it, else gzip, else as it is. */

export type Encoding = 'br' | 'gzip' | 'identity';

/** `header` is the request's Accept-Encoding. A client that refuses everything still gets the plain body. */
export function chooseEncoding(header: string | undefined): Encoding {
  if (header === undefined || header === '') return 'identity';
  const accepted = new Map<string, boolean>();
  for (const part of header.toLowerCase().split(',')) {
    const [name = '', ...parameters] = part.split(';').map((piece) => piece.trim());
    accepted.set(name, !parameters.some((parameter) => /^q=0(\.0*)?$/.test(parameter)));
  }
  for (const encoding of ['br', 'gzip'] as const) {
    if (accepted.get(encoding) ?? accepted.get('*') ?? false) return encoding;
  }
  return 'identity';
}
