/** What a browser may do with our pages: nothing but show them, with our stylesheet and anybody's pictures. */

const CONTENT_SECURITY_POLICY = [
  "default-src 'none'",
  // Partners' images and sound come from where they are.
  "img-src 'self' https: http:",
  'media-src https: http:',
  "style-src 'self'",
  "form-action 'self'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
].join('; ');

/** No script runs on these pages: JSON-LD is data, which the policy leaves alone. */
export const SECURITY_HEADERS: Readonly<Record<string, string>> = {
  'content-security-policy': CONTENT_SECURITY_POLICY,
  'referrer-policy': 'strict-origin-when-cross-origin',
  'cross-origin-opener-policy': 'same-origin',
  'permissions-policy': 'camera=(), geolocation=(), microphone=(), browsing-topics=()',
  'x-frame-options': 'DENY',
};
