/** The thresholds that a fresh installation has, for tests of what decides by them. */
import type { IdentityThresholds } from '#domain/text-verdict.js';

export const IDENTITY_THRESHOLDS: IdentityThresholds = {
  link: { text: 0.5, numbers: 0.6 },
  strongLink: { text: 0.8, numbers: 0.4 },
  duplicate: { text: 0.6, numbers: 0.7 },
};

/** The same as the configuration has them. */
export const IDENTITY_SETTINGS = {
  identityWindowDays: 14,
  identityLinkText: 0.5,
  identityLinkNumbers: 0.6,
  identityStrongText: 0.8,
  identityStrongNumbers: 0.4,
  identityDuplicateText: 0.6,
  identityDuplicateNumbers: 0.7,
};
