/** What of an endpoint is sealed at rest: its key, the keys from before rotations, its own headers. Each box opens in its own place only. */
import { randomBytes } from 'node:crypto';
import { openSecret, sealSecret } from './secret-box.js';

const NONCE_BYTES = 12;

/** A key from before a rotation. It signs until `until`, milliseconds since 1970. */
export interface FormerKey {
  key: string;
  until: number;
}

/** Thrown when a box does not open. The message says what brings its endpoint back. */
export class LostEndpointSecret extends Error {}

const CHANGED = 'SECRET_KEY is not the one that they were sealed with. Put that one back, or';

/** Opening throws LostEndpointSecret. */
export class EndpointBoxes {
  constructor(
    private readonly secretKey: Buffer,
    private readonly endpointId: string,
  ) {}

  sealKey(key: string): Buffer {
    return this.seal(key, this.endpointId);
  }

  openKey(box: Buffer): string {
    return this.open(box, this.endpointId, 'keys');
  }

  /** Null where there is none. */
  sealFormerKeys(keys: FormerKey[]): Buffer | null {
    return keys.length === 0 ? null : this.seal(JSON.stringify(keys), `${this.endpointId}/former-keys`);
  }

  openFormerKeys(box: Buffer | null): FormerKey[] {
    if (box === null) return [];
    return JSON.parse(this.open(box, `${this.endpointId}/former-keys`, 'keys')) as FormerKey[];
  }

  /** Null where there is none. */
  sealHeaders(headers: Record<string, string>): Buffer | null {
    if (Object.keys(headers).length === 0) return null;
    return this.seal(JSON.stringify(headers), `${this.endpointId}/headers`);
  }

  openHeaders(box: Buffer | null): Record<string, string> {
    if (box === null) return {};
    return JSON.parse(this.open(box, `${this.endpointId}/headers`, 'headers')) as Record<string, string>;
  }

  private open(box: Buffer, owner: string, what: 'keys' | 'headers'): string {
    try {
      return openSecret(box, this.secretKey, owner);
    } catch {
      const path = `/api/v1/endpoints/${this.endpointId}`;
      throw new LostEndpointSecret(
        what === 'keys'
          ? `The keys of endpoint ${this.endpointId} cannot be opened: ${CHANGED} give it a new key at once with POST ${path}/rotate and {"overlapSeconds": 0}; what is older cannot sign along.`
          : `The own headers of endpoint ${this.endpointId} cannot be opened: ${CHANGED} set every one of them again with PATCH ${path}, null for those that it needs no more.`,
      );
    }
  }

  private seal(text: string, owner: string): Buffer {
    return sealSecret(text, this.secretKey, owner, randomBytes(NONCE_BYTES));
  }
}
