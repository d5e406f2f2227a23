/** Tags and text that the scanner finds in well-formed, careless and broken documents. */
import { scanXml } from './xml-scanner.js';

/** What the scanner reports, one word an event: <a k=v>, </a>, text, [cdata], !doctype. */
function scan(source: string): string[] {
  const events: string[] = [];
  scanXml(source, {
    open: (name, attributes, selfClosing) => {
      const all = [...attributes.all].map(([key, value]) => ` ${key}=${value}`).join('');
      events.push(`<${name}${all}${selfClosing ? '/' : ''}>`);
      return true;
    },
    close: (name) => events.push(`</${name}>`) > 0,
    text: (raw, isCdata) => events.push(isCdata ? `[${raw}]` : raw) > 0,
    doctype: (subset) => void events.push(`!${subset}`),
  });
  return events;
}

it.each([
  ['<a><b/>x</a>', ['<a>', '<b/>', 'x', '</a>']],
  ['<A Href="X">', ['<a href=X>']],
  [`<a k="1 > 0" l='"' m=n o>`, ['<a k=1 > 0 l=" m=n o=>']],
  ['<a k = "v" ></a >', ['<a k=v>', '</a>']],
  ['<a k="v"/ >', ['<a k=v>']],
  ['<a k="1" k="2">', ['<a k=1>']],
  ['<a k="v"">x', ['<a k=v>', 'x']],
  ['<a k=v/>', ['<a k=v/>']],
  ['<!-- <a> --><?pi <b> ?><c>', ['<c>']],
  ['<a><![CDATA[<b> & ]]]]><![CDATA[>]]></a>', ['<a>', '[<b> & ]]]', '[>]', '</a>']],
  ['1 < 2 <3 & <a>', ['1 < 2 <3 & ', '<a>']],
  ['<a <b>', ['<a>', '<b>']],
  ['<a k="v <b>x</b>', ['<a k=v >', '<b>', 'x', '</b>']],
  ['<a k="v>x <b l="w">', ['<a k=v>', 'x ', '<b l=w>']],
  ['<a>x</a', ['<a>', 'x', '</a>']],
  ['<a>x<', ['<a>', 'x<']],
  ['<a><!-- unended <b>', ['<a>', '<!-- unended ', '<b>']],
  ['<a><![CDATA[unended <b>', ['<a>', '[unended <b>]']],
  ['<!DOCTYPE r [<!ENTITY a "]>"> <!-- ]> -->]><r>', ['!<!ENTITY a "]>"> <!-- ]> -->', '<r>']],
  ['<!DOCTYPE r SYSTEM "x"><r>', ['!', '<r>']],
  ['<r><!DOCTYPE x [y]><a>', ['<r>', '<a>']],
  ['<é:ü>', ['<é:ü>']],
])('scans %s', (source, events) => {
  expect(scan(source)).toEqual(events);
});

it('stops when told to', () => {
  let opened = 0;
  const done = scanXml('<a/><b/><c/>', {
    open: () => ++opened < 2,
    close: () => true,
    text: () => true,
    doctype: () => undefined,
  });
  expect([done, opened]).toEqual([false, 2]);
});
