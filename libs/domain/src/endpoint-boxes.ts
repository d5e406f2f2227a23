/** What of an endpoint is sealed at rest: its key, the keys from before rotations, its own headers. Each box opens in its own place only. */
import { randomBytes } from 'node:crypto';
import { openSecret, sealSecret } from './secret-box.js';

const NONCE_BYTES = 12;

/** A key from before a rotation. It signs until `until`, milliseconds since 1970. */
export interface FormerKey {
  key: string;
  until: number;
}

export class EndpointBoxes {
  constructor(
    private readonly secretKey: Buffer,
    private readonly endpointId: string,
  ) {}

  sealKey(key: string): Buffer {
    return this.seal(key, this.endpointId);
  }

  openKey(box: Buffer): string {
    return openSecret(box, this.secretKey, this.endpointId);
  }

  /** Null where there is none. */
  sealFormerKeys(keys: FormerKey[]): Buffer | null {
    return keys.length === 0 ? null : this.seal(JSON.stringify(keys), `${this.endpointId}/former-keys`);
  }

  openFormerKeys(box: Buffer | null): FormerKey[] {
    if (box === null) return [];
    return JSON.parse(openSecret(box, this.secretKey, `${this.endpointId}/former-keys`)) as FormerKey[];
  }

  /** Null where there is none. */
  sealHeaders(headers: Record<string, string>): Buffer | null {
    if (Object.keys(headers).length === 0) return null;
    return this.seal(JSON.stringify(headers), `${this.endpointId}/headers`);
  }

  openHeaders(box: Buffer | null): Record<string, string> {
    if (box === null) return {};
    return JSON.parse(openSecret(box, this.secretKey, `${this.endpointId}/headers`)) as Record<string, string>;
  }

  private seal(text: string, owner: string): Buffer {
    return sealSecret(text, this.secretKey, owner, randomBytes(NONCE_BYTES));
  }
}
