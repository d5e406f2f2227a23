/** Keeps an outage of our own network from being held against feeds, also those whose failures came before it was recognised. */
import { Injectable, Logger } from '@nestjs/common';
import { isPrivateHost } from '#domain/private-host.js';
import { type CountedFailure, OwnOutageRepository } from '#storage/own-outage.repository.js';
import type { FeedInHand } from '#storage/feed-in-hand.repository.js';
import type { FetchTrouble } from './fetch-trouble.js';
import { OwnOutage } from './own-outage.js';

/** The class of a failure for which our own network is to blame. */
const OWN_OUTAGE = 'own-outage';
/** Errors that look the same from here whether the partner's host or our network is down. */
const UNREACHED = new Set(['dns', 'refused', 'tls', 'timeout', 'reset']);
/** An outage is recognised after three failures; more than this many before it are not the network's. */
const MOST_COUNTED = 1_000;
/** Feeds that suffered from an outage are asked again this soon. */
const AGAIN_WITHIN_SECONDS = 60;

/** The internet, or the private network: that one of them works says nothing of the other. */
interface Network {
  name: string;
  outage: OwnOutage;
  /** Failures since the last answer that were held against their feeds. */
  counted: CountedFailure[];
}

@Injectable()
export class OwnNetwork {
  private readonly logger = new Logger(OwnNetwork.name);
  private readonly internet = network('the internet');
  private readonly local = network('the private network');

  constructor(private readonly feeds: OwnOutageRepository) {}

  /** The host of `url` answered, whatever it said. */
  answered(url: string): void {
    if (this.isCalm(this.internet) && this.isCalm(this.local)) return;
    const network = this.networkOf(url);
    if (network.outage.state === 'down') this.logger.log({ msg: 'hosts can be reached again', network: network.name });
    network.outage.answered();
    if (network.counted.length > 0) network.counted = [];
  }

  /** What a failure is once the state of our own network is known. */
  judge(feed: FeedInHand, trouble: FetchTrouble): FetchTrouble {
    if (trouble.scope !== 'remote' || !UNREACHED.has(trouble.errorClass)) return trouble;
    const { outage, name } = this.networkOf(feed.url);
    const before = outage.state;
    const wasWell = feed.consecutiveFailures === 0 && !feed.isFirst;
    if (outage.failed(new URL(feed.url).hostname, { wasWell, now: Date.now() }) === 'up') return trouble;
    if (before === 'up')
      this.logger.warn({ msg: 'no host can be reached: taken for an outage of our own', network: name });
    const error = `${trouble.error}: no other host can be reached either, an outage of our own network`;
    return { errorClass: OWN_OUTAGE, error, scope: 'ours' };
  }

  /**
   * A failure was stored. Kept in mind while the network may turn out to be the cause, and taken back when it does.
   * Throws when it cannot be taken back now: it is tried again with the next failure.
   */
  async stored(feed: FeedInHand, fetchId: string, errorClass: string): Promise<void> {
    const network = this.networkOf(feed.url);
    if (UNREACHED.has(errorClass) && network.counted.length < MOST_COUNTED)
      network.counted.push({ feedId: feed.id, fetchId });
    if (network.outage.state === 'up' || network.counted.length === 0) return;
    const counted = network.counted.splice(0);
    try {
      const cleared = await this.feeds.forgive(counted, OWN_OUTAGE, AGAIN_WITHIN_SECONDS);
      this.logger.log({ msg: 'failures of an outage of our own were taken back', feeds: cleared });
    } catch (error) {
      network.counted.push(...counted);
      throw error;
    }
  }

  /** Nearly always: an answer is then no news, and need not be told from others. */
  private isCalm({ outage, counted }: Network): boolean {
    return outage.isCalm && counted.length === 0;
  }

  private networkOf(url: string): Network {
    return isPrivateHost(new URL(url).host) ? this.local : this.internet;
  }
}

function network(name: string): Network {
  return { name, outage: new OwnOutage(), counted: [] };
}
