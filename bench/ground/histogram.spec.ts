/** Quantiles out of a Prometheus histogram. */
import { observations, quantile, readHistogram, since } from './histogram.js';

const text = (fast: number, slow: number) => `# TYPE x_seconds histogram
x_seconds_bucket{le="0.01"} ${fast}
x_seconds_bucket{le="0.1"} ${fast + slow}
x_seconds_bucket{le="+Inf"} ${fast + slow}
x_seconds_count ${fast + slow}
y_seconds_bucket{le="+Inf"} 7`;

it('tells quantiles of what came between two looks', () => {
  const between = since(readHistogram(text(100, 5), 'x_seconds'), readHistogram(text(190, 15), 'x_seconds'));
  expect(observations(between)).toBe(100);
  expect(quantile(between, 0.45)).toBeCloseTo(0.005);
  expect(quantile(between, 0.95)).toBeCloseTo(0.055);
});

it('knows nothing without observations', () => {
  expect(quantile(readHistogram('', 'x_seconds'), 0.5)).toBeNaN();
  expect(
    quantile(since(readHistogram(text(1, 1), 'x_seconds'), readHistogram(text(1, 1), 'x_seconds')), 0.5),
  ).toBeNaN();
});
