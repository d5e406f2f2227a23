/** Words that go with a number, by the plural rules of a language (CLDR, through Intl). */

/** The forms that a language has; `#` stands for the number. What is not given is said by `other`. */
export type PluralForms = Partial<Record<Intl.LDMLPluralRule, string>> & { other: string };

/** How a language counts. `locale` is a BCP 47 tag; its numbers are written with the digits that its tag asks for. */
export function plural(locale: string): (count: number, forms: PluralForms) => string {
  const rules = new Intl.PluralRules(locale);
  const numbers = new Intl.NumberFormat(locale);
  return (count, forms) => (forms[rules.select(count)] ?? forms.other).replace('#', numbers.format(count));
}
