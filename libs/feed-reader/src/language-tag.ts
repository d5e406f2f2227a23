/** Accepts language tags as feeds write them. */

/** A well-formed BCP 47 tag (RFC 5646, 2.1) from what is close to one (`en_GB`), or undefined. */
export function languageTag(text: string | undefined): string | undefined {
  const tag = text?.trim().replace(/_/g, '-') ?? '';
  return /^[a-z]{2,3}(-[a-z0-9]{1,8}){0,4}$/i.test(tag) ? tag : undefined;
}
