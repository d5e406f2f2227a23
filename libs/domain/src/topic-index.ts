/** Finds the IPTC Media Topic that a partner's category means: by code, by name, or by what newsrooms call it. */
import { normaliseText } from './normalised-text.js';
import { TOPIC_ALIASES } from './topic-aliases.js';

/** An entry of libs/domain/data/mediatopics.json (IPTC, CC BY 4.0). `code` and `parent` are like `medtop:15000000`. */
export interface MediaTopic {
  code: string;
  name: string;
  parent?: string | null;
  subjectCode?: string;
}

/**
 * Looks a category's text up, as the partner means it where one is named: undefined when it names no topic, null when an
 * operator said that it names none.
 */
export type TopicIndex = (category: string, partnerId?: string) => MediaTopic | null | undefined;

/** IPTC codes as feeds write them: `medtop:20000065`, `subj:15054000`, the concept's address, or the digits alone. */
const CODE = /(?:^|[:/])(\d{8})$/;

/** Looks up what ships with Dateline, without anything that operators said. */
export function topicIndex(topics: readonly MediaTopic[]): (category: string) => MediaTopic | undefined {
  const byCode = new Map<string, MediaTopic>();
  const byName = new Map<string, MediaTopic>();
  for (const topic of topics) {
    byCode.set(topic.code.replace(/^medtop:/, ''), topic);
    byName.set(normaliseText(topic.name), topic);
  }
  for (const topic of topics) {
    if (topic.subjectCode !== undefined && !byCode.has(topic.subjectCode)) byCode.set(topic.subjectCode, topic);
    // "handball (team)" is also plain handball, where no other topic is called that.
    const plain = normaliseText(topic.name.replace(/\(.*\)/, ''));
    if (!byName.has(plain)) byName.set(plain, topic);
  }
  for (const [alias, name] of TOPIC_ALIASES) {
    const topic = byName.get(normaliseText(name));
    if (topic !== undefined && !byName.has(normaliseText(alias))) byName.set(normaliseText(alias), topic);
  }
  return (category) => {
    const code = CODE.exec(category.trim())?.[1];
    if (code !== undefined) return byCode.get(code);
    const name = normaliseText(category.replaceAll('&', ' and '));
    return (
      byName.get(name) ??
      byName.get(name.replace(/ie?s$/, 'y')) ??
      byName.get(name.replace(/s$/, '')) ??
      byName.get(`${name}s`)
    );
  };
}
