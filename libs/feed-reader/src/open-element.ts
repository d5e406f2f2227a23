/** One element of the document that is still open, and what is known of it. */
import { type ElementRule, type ElementRules } from './element-rules.js';
import { type MarkupCapture } from './markup-capture.js';
import { type NamespaceScope } from './namespaces.js';
import { type Attributes } from './xml-scanner.js';

const NO_ATTRIBUTES: ReadonlyMap<string, string> = new Map();

export class OpenElement {
  /** Attributes by lower-case name, raw. */
  readonly attributes: ReadonlyMap<string, string>;
  /** Elements of the same name open inside a captured or skipped one. */
  nested = 0;
  /** The text of a struct. */
  ownText = '';
  capture: MarkupCapture | undefined;

  constructor(
    readonly name: string,
    /** `feed` and `item` hold known children, `struct` too; `capture` collects its inside, `skip` ignores it. */
    readonly role: 'feed' | 'item' | 'struct' | 'capture' | 'skip',
    public scope: NamespaceScope,
    /** Rules for its children. */
    readonly rules: ElementRules,
    readonly rule: ElementRule | undefined,
    attributes: Attributes,
    /** The xml:base in force (XML Base, section 3), undefined when none was given. */
    public base: string | undefined,
  ) {
    this.attributes = attributes.isEmpty ? NO_ATTRIBUTES : attributes.all;
  }
}
