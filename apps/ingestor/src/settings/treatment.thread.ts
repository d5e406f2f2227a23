/** The worker thread's side of a feed's settings: items past the rules, pages to articles. Nothing else runs here. */
import { LRUCache } from 'lru-cache';
import { type CompiledRules, compileRules } from '#domain/item-rules.js';
import { type Article, extractArticle, type PageTask } from './extract-article.js';
import { type ItemTask, treatItems, type TreatedItems } from './treat-items.js';

export type TreatmentTask = { items: ItemTask } | { page: PageTask };
export type TreatmentAnswer = { items: TreatedItems } | { article: Article | null } | { error: string };

const compiled = new LRUCache<string, CompiledRules>({ max: 100 });

export default function treat(task: TreatmentTask): TreatmentAnswer {
  try {
    if ('page' in task) return { article: extractArticle(task.page) };
    const key = JSON.stringify(task.items.rules);
    const rules = compiled.get(key) ?? compileRules(task.items.rules);
    compiled.set(key, rules);
    return { items: treatItems(task.items, rules) };
  } catch (error) {
    // Classes do not survive the way between threads.
    return { error: error instanceof Error ? error.message.slice(0, 200) : 'it cannot be read' };
  }
}
