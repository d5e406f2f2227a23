import { permanentTarget } from './permanent-target.js';

const hop = (status: number, to: string) => ({ from: 'http://a.example/', status, to: `http://${to}.example/` });

describe('permanentTarget', () => {
  test.each([
    ['no redirect', [], null],
    ['one for good', [hop(301, 'b')], 'http://b.example/'],
    ['two for good', [hop(308, 'b'), hop(301, 'c')], 'http://c.example/'],
    ['for good, then for now', [hop(301, 'b'), hop(302, 'c'), hop(301, 'd')], 'http://b.example/'],
    ['for now, then for good', [hop(307, 'b'), hop(301, 'c')], null],
  ])('%s', (_name, redirects, target) => expect(permanentTarget(redirects)).toBe(target));
});
