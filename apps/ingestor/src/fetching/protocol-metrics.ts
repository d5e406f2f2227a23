/** Shows operators how much of what the ingestor asks for comes by HTTP/2. */
import { Injectable } from '@nestjs/common';
import { OutboundHttp } from '#http-client/http-client.js';
import { Metrics } from '#observability/metrics.js';

@Injectable()
export class ProtocolMetrics {
  constructor(metrics: Metrics, http: OutboundHttp) {
    const help =
      'Requests since the start by protocol, without those through proxies or with certificates of their own';
    metrics.gauge('dateline_fetching_http_requests', help, ['protocol'], (gauge) => {
      for (const [protocol, count] of Object.entries(http.sent)) gauge.set({ protocol }, count);
    });
  }
}
