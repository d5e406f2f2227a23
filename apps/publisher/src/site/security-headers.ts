/** What a browser may do with our pages: show them, with our stylesheet, our script and anybody's pictures; nothing else. */

const CONTENT_SECURITY_POLICY = [
  "default-src 'none'",
  // Partners' images and sound come from where they are.
  "img-src 'self' https: http:",
  'media-src https: http:',
  "style-src 'self'",
  // The share button and the offer of another language; JSON-LD is data, which the policy leaves alone.
  "script-src 'self'",
  "font-src 'self'",
  "form-action 'self'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
].join('; ');

export const SECURITY_HEADERS: Readonly<Record<string, string>> = {
  'content-security-policy': CONTENT_SECURITY_POLICY,
  'referrer-policy': 'strict-origin-when-cross-origin',
  'cross-origin-opener-policy': 'same-origin',
  'permissions-policy': 'camera=(), geolocation=(), microphone=(), browsing-topics=()',
  'x-frame-options': 'DENY',
};
