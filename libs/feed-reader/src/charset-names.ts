/** Finds the decoder for a charset's name, in all the spellings that documents give it. */
import iconv from 'iconv-lite';

/** Labels that browsers read as windows-1252, because that is what their writers meant (WHATWG Encoding, section 4.2). */
const LATIN = /^(iso[-_]?8859[-_]?1(:\d+)?|iso_8859-1:1987|latin-?1|l1|us-ascii|ascii|ansi_x3.4-1968|cp819|ibm819)$/;

/** Names, letters and digits only, that no decoder has, and the nearest that one has. */
const ALIASES = new Map(
  (
    'cp154=pt154 ptcp154=pt154 csptcp154=pt154 cyrillicasian=pt154 kz1048=rk1048 strk10482002=rk1048 hkscs=big5hkscs ' +
    'xmactradchinese=big5 xmacsimpchinese=gb2312 eucgb2312cn=gb2312 gb180302000=gb18030 ksx1001=euckr xmackorean=euckr ' +
    'uhc=cp949 eucjis2004=eucjp eucjisx0213=eucjp jisx0213=eucjp ujis=eucjp xmacjapanese=shiftjis sjis2004=shiftjis ' +
    'shiftjis2004=shiftjis shiftjisx0213=shiftjis sjisx0213=shiftjis cp1051=hproman8 hproman8=hproman8 roman8=hproman8 ' +
    'cpis=cp861 ruscii=cp1125 cp866u=cp1125 tis62025290=tis620 u7=utf7 unicode11utf7=utf7 csunicode11utf7=utf7 ' +
    'macintosh=macintosh maclatin2=maccenteuro maccentraleurope=maccenteuro xunicode20utf8=utf8 u8=utf8 utf8mb4=utf8'
  )
    .split(' ')
    .map((entry): [string, string] => [entry.split('=')[0] ?? '', entry.split('=')[1] ?? '']),
);

/** The text of the bytes in the charset of that name, or undefined when nobody knows it. */
export function decodeAs(buffer: Buffer, label: string): string | undefined {
  const charset = known(label);
  if (charset !== undefined) return iconv.decode(buffer, charset);
  try {
    // What iconv-lite does not know the platform may (ISO-2022-JP).
    return new TextDecoder(/^(cs)?iso-?_?2022-?_?jp/.test(label) ? 'iso-2022-jp' : label).decode(buffer);
  } catch {
    return undefined;
  }
}

/** Whether some decoder knows the name. */
export function isCharset(label: string): boolean {
  return known(label) !== undefined;
}

function known(label: string): string | undefined {
  if (isLatin(label)) return 'windows-1252';
  const bare = label.replace(/[^a-z0-9]/g, '');
  // ISO's names may carry the year of the standard.
  const charset = ALIASES.get(bare) ?? label.replace(/^iso[-_]8859[-_](\d+)[-:_](19|20)\d\d$/, 'iso-8859-$1');
  return iconv.encodingExists(charset) ? charset : undefined;
}

/** Whether the name is one that people give to windows-1252 and its subsets. */
export function isLatin(label: string): boolean {
  return LATIN.test(label);
}
