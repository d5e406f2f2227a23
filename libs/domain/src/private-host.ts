/** Hosts of one's own machine or network, by their address: politeness towards them is the operator's own affair. */

/** Over `host` or `host:port`. */
const PRIVATE_HOST =
  /^((127|10)(\.\d+){3}|192\.168(\.\d+){2}|172\.(1[6-9]|2\d|3[01])(\.\d+){2}|localhost|\[(::1|f[cd][0-9a-f:]*)\])(:\d+)?$/;

export function isPrivateHost(host: string): boolean {
  return PRIVATE_HOST.test(host);
}
