/** Places for pushes that are under way, so many for each key: who has them all waits for none of the others' places. */
export class PushPlaces {
  private readonly taken = new Map<string, number>();

  constructor(private readonly perKey: number) {}

  /** False when the key has all of its places; else one is taken, until `leave`. */
  take(key: string): boolean {
    const taken = this.taken.get(key) ?? 0;
    if (taken >= this.perKey) return false;
    this.taken.set(key, taken + 1);
    return true;
  }

  leave(key: string): void {
    const left = (this.taken.get(key) ?? 1) - 1;
    if (left === 0) this.taken.delete(key);
    else this.taken.set(key, left);
  }
}
