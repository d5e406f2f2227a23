/** Groups that grow by saying which two names belong together (union-find). */

export class Groups {
  private readonly parents = new Map<string, string>();

  join(one: string, other: string): void {
    const [a, b] = [this.of(one), this.of(other)];
    if (a !== b) this.parents.set(b, a);
  }

  /** The name that stands for the group; of a name that was never joined, itself. */
  of(name: string): string {
    let root = name;
    for (let up = this.parents.get(root); up !== undefined; up = this.parents.get(root)) root = up;
    // The way is shortened, or a chain of copies of copies would be walked again for each of them.
    for (let at = name; at !== root;) {
      const up = this.parents.get(at) ?? root;
      this.parents.set(at, root);
      at = up;
    }
    return root;
  }
}
