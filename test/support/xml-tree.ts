/** Reads XML strictly (well-formed, namespaces declared) into a tree that tests can ask. */
import { SaxesParser } from 'saxes';

export interface XmlElement {
  name: string;
  attributes: Record<string, string>;
  /** All text directly inside, CDATA included. */
  text: string;
  children: XmlElement[];
}

/** Throws at the first thing that XML 1.0 or its namespaces do not allow. */
export function parseXml(xml: string): XmlElement {
  const parser = new SaxesParser({ xmlns: true });
  const root: XmlElement = { name: '', attributes: {}, text: '', children: [] };
  const path = [root];
  const top = (): XmlElement => path.at(-1) ?? root;
  const addText = (text: string): void => {
    top().text += text;
  };
  parser.on('error', (error) => {
    throw error;
  });
  parser.on('opentag', (tag) => {
    const attributes = Object.fromEntries(Object.entries(tag.attributes).map(([key, { value }]) => [key, value]));
    const element = { name: tag.name, attributes, text: '', children: [] };
    top().children.push(element);
    path.push(element);
  });
  parser.on('closetag', () => {
    path.pop();
  });
  parser.on('text', addText);
  parser.on('cdata', addText);
  parser.write(xml).close();
  const [document] = root.children;
  if (document === undefined) throw new Error('the document is empty');
  return document;
}

/** The element's children of this name. */
export function all(element: XmlElement, name: string): XmlElement[] {
  return element.children.filter((child) => child.name === name);
}

/** Its only child of this name. Throws when there is none or another. */
export function only(element: XmlElement, name: string): XmlElement {
  const found = all(element, name);
  if (found.length !== 1 || found[0] === undefined) throw new Error(`${found.length} ${name} in ${element.name}`);
  return found[0];
}
